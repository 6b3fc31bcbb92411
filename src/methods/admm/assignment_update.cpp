#include "methods/admm/assignment_update.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

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

bool fits(const Instance& instance, const Assignment& choice) {
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) {
    if (option.is_none() || !ledger.fits(option)) return false;
    ledger.take(option);
  }
  return true;
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
  if (!fits(instance, choice)) return std::nullopt;
  return choice;
}

/// The same client after client, of what still fits.
std::optional<Assignment> cheapest_in_turn(const Instance& instance, std::vector<Candidate> candidates) {
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& left, const Candidate& right) {
    return std::pair(left.client, left.cost) < std::pair(right.client, right.cost);
  });
  Assignment choice(instance.client_count());
  MemoryLedger ledger(instance);
  for (const Candidate& candidate : candidates) {
    if (!choice[candidate.client].is_none() || !ledger.fits(candidate.option)) continue;
    choice[candidate.client] = candidate.option;
    ledger.take(candidate.option);
  }
  if (!fits(instance, choice)) return std::nullopt;
  return choice;
}

Milp assignment_program(const Instance& instance, const std::vector<Candidate>& candidates) {
  Milp program;
  for (std::size_t client = 0; client < instance.client_count(); ++client) program.add_row(1, 1);
  for (const HelperIndex helper : instance.helpers()) {
    const std::optional<Megabytes> capacity = instance.memory_capacity(helper);
    program.add_row(-Milp::kInfinity, capacity ? static_cast<double>(*capacity) : Milp::kInfinity);
  }
  for (const Candidate& candidate : candidates) {
    const std::size_t column = program.add_column(0, 1, candidate.cost, true);
    program.add_term(candidate.client, column, 1);
    const Megabytes demand = instance.memory_demand(candidate.option);
    if (instance.is_local(candidate.option) || demand == 0) continue;
    program.add_term(instance.client_count() + instance.helper(candidate.option).value(), column,
                     static_cast<double>(demand));
  }
  return program;
}

/// nullopt when the values are no assignment that fits: a library's word is not enough.
std::optional<Assignment> assignment_of(const Instance& instance, const std::vector<Candidate>& candidates,
                                        const std::vector<double>& values) {
  if (values.size() != candidates.size()) return std::nullopt;
  Assignment choice(instance.client_count());
  for (std::size_t column = 0; column < candidates.size(); ++column) {
    if (values[column] > 0.5) choice[candidates[column].client] = candidates[column].option;
  }
  if (!fits(instance, choice)) return std::nullopt;
  return choice;
}

}  // namespace

std::optional<AssignmentUpdateResult> update_assignment(const Instance& instance, const ForwardPairs& pairs,
                                                        std::span<const Time> work, std::span<const double> duals,
                                                        double penalty, ProgramBudget& budget,
                                                        const StopCondition& stop) {
  std::vector<Candidate> all = candidates(instance, pairs, work, duals, penalty);
  if (std::optional<Assignment> choice = cheapest(instance, all)) return AssignmentUpdateResult{*choice, true};
  if (const std::int64_t nodes = budget.nodes_for(all.size()); nodes > 0) {
    const Milp::Result result = assignment_program(instance, all).solve(stop, {}, nodes);
    budget.spend(all.size(), result.nodes);
    if (result.status == Milp::Status::kInfeasible) return std::nullopt;
    if (std::optional<Assignment> choice = assignment_of(instance, all, result.values)) {
      return AssignmentUpdateResult{*std::move(choice), result.status == Milp::Status::kOptimal};
    }
  }
  if (stop.reached()) return std::nullopt;
  std::optional<Assignment> choice = cheapest_in_turn(instance, std::move(all));
  if (!choice) return std::nullopt;
  return AssignmentUpdateResult{*std::move(choice), false};
}

}  // namespace splitlane::admm
