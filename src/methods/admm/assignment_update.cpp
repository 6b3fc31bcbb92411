#include "methods/admm/assignment_update.hpp"

#include <algorithm>
#include <cstdlib>

#include "milp/milp.hpp"

namespace splitlane::admm {

namespace {

struct Candidate {
  OptionIndex option;
  std::size_t client;
  double cost;
};

std::vector<Candidate> candidates(const Instance& instance, const ForwardPairs& pairs, std::span<const Time> work,
                                  std::span<const double> duals, double penalty) {
  std::vector<Candidate> result;
  double range = 1;
  for (std::size_t pair = 0; pair < pairs.pairs.size(); ++pair) {
    const ForwardPair& entry = pairs.pairs[pair];
    const Time amount = std::max<Time>(work[pair], 0);
    const double cost = -duals[pair] * static_cast<double>(entry.work) +
                        penalty / 2 * static_cast<double>(std::abs(amount - entry.work) - amount);
    result.push_back({entry.option, entry.client, cost});
    range += std::abs(cost);
  }
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex local = shortest_local_option(instance, client);
    if (!local.is_none()) result.push_back({local, client.value(), range});
  }
  return result;
}

/// Everybody's cheapest, when memory permits; the first of equals.
std::optional<Assignment> cheapest(const Instance& instance, const std::vector<Candidate>& candidates) {
  Assignment choice(instance.client_count());
  std::vector<double> cost(instance.client_count());
  for (const Candidate& candidate : candidates) {
    if (!choice[candidate.client].is_none() && cost[candidate.client] <= candidate.cost) continue;
    choice[candidate.client] = candidate.option;
    cost[candidate.client] = candidate.cost;
  }
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) {
    if (!ledger.fits(option)) return std::nullopt;
    ledger.take(option);
  }
  return choice;
}

}  // namespace

std::optional<Assignment> update_assignment(const Instance& instance, const ForwardPairs& pairs,
                                            std::span<const Time> work, std::span<const double> duals, double penalty,
                                            const StopCondition& stop) {
  const std::vector<Candidate> all = candidates(instance, pairs, work, duals, penalty);
  if (std::optional<Assignment> choice = cheapest(instance, all)) return choice;
  Milp program;
  for (std::size_t client = 0; client < instance.client_count(); ++client) program.add_row(1, 1);
  for (const HelperIndex helper : instance.helpers()) {
    const std::optional<Megabytes> capacity = instance.memory_capacity(helper);
    program.add_row(-Milp::kInfinity, capacity ? static_cast<double>(*capacity) : Milp::kInfinity);
  }
  for (const Candidate& candidate : all) {
    const std::size_t column = program.add_column(0, 1, candidate.cost, true);
    program.add_term(candidate.client, column, 1);
    const Megabytes demand = instance.memory_demand(candidate.option);
    if (instance.is_local(candidate.option) || demand == 0) continue;
    program.add_term(instance.client_count() + instance.helper(candidate.option).value(), column,
                     static_cast<double>(demand));
  }
  const Milp::Result result = program.solve(stop);
  if (result.values.empty()) return std::nullopt;
  Assignment choice(instance.client_count());
  for (std::size_t column = 0; column < all.size(); ++column) {
    if (result.values[column] > 0.5) choice[all[column].client] = all[column].option;
  }
  return choice;
}

}  // namespace splitlane::admm
