#include "methods/admm/forward_pairs.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>

#include "splitlane/plan/service.hpp"

namespace splitlane::admm {

namespace {

// Rows with larger coefficients would not tell an exact equation from a near miss.
constexpr Time kLargestMultiple = 100'000;

// The least common multiple of all quanta but those of `left_out`; nullopt when it is no number to work with.
std::optional<Time> common_multiple(std::span<const ForwardPair> pairs, const ForwardPair* left_out) {
  Time multiple = 1;
  for (const ForwardPair& pair : pairs) {
    if (&pair == left_out) continue;
    const Time factor = pair.quanta / std::gcd(pair.quanta, multiple);
    if (factor > kLargestNumber / multiple) return std::nullopt;
    multiple *= factor;
  }
  return multiple;
}

// If sum n_k / p_k = 1 in integers, then n_k is a multiple of p_k / gcd(p_k, lcm of the others), and the same again for
// what is left, until nothing changes. Coprime p: nothing but 0 and p.
void find_quanta(std::span<ForwardPair> pairs) {
  for (bool changed = true; changed;) {
    changed = false;
    for (ForwardPair& pair : pairs) {
      const std::optional<Time> others = common_multiple(pairs, &pair);
      const Time quanta = others ? std::gcd(pair.quanta, *others) : pair.quanta;
      changed = changed || quanta != pair.quanta;
      pair.quanta = quanta;
    }
  }
}

}  // namespace

ForwardPairs forward_pairs(const Instance& instance) {
  ForwardPairs result;
  for (const ClientIndex client : instance.clients()) {
    result.first_of_client.push_back(result.pairs.size());
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) continue;
      const SwitchRule rule = switch_rule_of(instance, instance.helper(option));
      const bool has_forward = instance.forward(option) > 0;
      ForwardPair pair;
      pair.option = option;
      pair.helper = instance.helper(option);
      pair.client = client.value();
      pair.release = has_forward ? std::max(instance.release(option), rule.lane_gap()) - rule.lane_gap()
                                 : instance.release(option);
      pair.work = has_forward ? instance.forward(option) + rule.lane_gap() : 0;
      pair.tail = instance.client_forward(option) + (has_forward ? rule.run_delay() : 0);
      pair.quanta = has_forward ? pair.work : 1;
      result.pairs.push_back(pair);
    }
    const std::span<ForwardPair> pairs = std::span(result.pairs).subspan(result.first_of_client.back());
    find_quanta(pairs);
    std::optional<Time> multiple = common_multiple(pairs, nullptr);
    if (!multiple || *multiple > kLargestMultiple) {
      for (ForwardPair& pair : pairs) pair.quanta = 1;
      multiple = 1;
      ++result.unsplit_clients;
    }
    for (ForwardPair& pair : pairs) pair.quantum = pair.work / pair.quanta;
    result.multiple.push_back(*multiple);
  }
  result.first_of_client.push_back(result.pairs.size());
  return result;
}

}  // namespace splitlane::admm
