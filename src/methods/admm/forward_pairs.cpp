#include "methods/admm/forward_pairs.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane::admm {

namespace {

// Rows with larger coefficients would not tell an exact equation from a near miss.
constexpr Time kLargestMultiple = 100'000;

// The least common multiple; nullopt when it, or one of the two already, is no number to work with.
std::optional<Time> common_multiple(std::optional<Time> one, std::optional<Time> other) {
  if (!one || !other) return std::nullopt;
  const Time factor = *one / std::gcd(*one, *other);
  if (factor > kLargestNumber / *other) return std::nullopt;
  return factor * *other;
}

// Of all quanta from each pair on; 1 behind the last.
std::vector<std::optional<Time>> multiples_from(std::span<const ForwardPair> pairs) {
  std::vector<std::optional<Time>> multiples(pairs.size() + 1, Time{1});
  for (std::size_t position = pairs.size(); position-- > 0;) {
    multiples[position] = common_multiple(multiples[position + 1], pairs[position].quanta);
  }
  return multiples;
}

// If sum n_k / p_k = 1 in integers, then n_k is a multiple of p_k / gcd(p_k, lcm of the others), and the same again for
// what is left, until nothing changes. Coprime p: nothing but 0 and p.
void find_quanta(std::span<ForwardPair> pairs) {
  for (bool changed = true; changed;) {
    changed = false;
    const std::vector<std::optional<Time>> behind = multiples_from(pairs);
    std::optional<Time> before = 1;
    for (std::size_t position = 0; position < pairs.size(); ++position) {
      ForwardPair& pair = pairs[position];
      const std::optional<Time> others = common_multiple(before, behind[position + 1]);
      const Time quanta = others ? std::gcd(pair.quanta, *others) : pair.quanta;
      changed = changed || quanta != pair.quanta;
      pair.quanta = quanta;
      before = common_multiple(before, quanta);
    }
  }
}

}  // namespace

std::optional<ForwardPairs> forward_pairs(const Instance& instance, const StopCondition& stop) {
  ForwardPairs result;
  for (const ClientIndex client : instance.clients()) {
    if (stop.reached()) return std::nullopt;
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
    std::optional<Time> multiple = multiples_from(pairs).front();
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
