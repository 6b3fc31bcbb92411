#include "assignment/start_schedule.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "assignment/balanced_greedy.hpp"
#include "assignment/complete_assignment.hpp"
#include "assignment/earliest_end.hpp"
#include "assignment/schedule_assignment.hpp"

namespace splitlane {

namespace {

constexpr std::array<Scheduler, 2> kPreemptive = {schedule_improved, schedule_fcfs};
constexpr std::array<Scheduler, 2> kWholeTasks = {schedule_longest_first, schedule_fcfs};

/// Where other orders run out of memory: clients by decreasing least demand take their least demand on the helper that
/// then has most memory left. A poor plan, but found without a search.
Assignment assign_least_memory(const Instance& instance) {
  std::vector<Megabytes> least(instance.client_count(), std::numeric_limits<Megabytes>::max());
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      least[client.value()] = std::min(least[client.value()], instance.memory_demand(option));
    }
  }
  std::vector<std::size_t> order(instance.client_count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t left, std::size_t right) { return least[left] > least[right]; });
  MemoryLedger ledger(instance);
  Assignment choice(instance.client_count());
  for (const std::size_t client : order) {
    std::pair<Megabytes, Time> best_rank;
    for (const OptionIndex option : instance.options(ClientIndex(client))) {
      if (!ledger.fits(option)) continue;
      const std::pair<Megabytes, Time> rank(ledger.missing(option), instance.path(option));
      if (!choice[client].is_none() && rank >= best_rank) continue;
      choice[client] = option;
      best_rank = rank;
    }
    if (!choice[client].is_none()) ledger.take(choice[client]);
  }
  return choice;
}

bool is_complete(const Assignment& choice) {
  return std::none_of(choice.begin(), choice.end(), [](OptionIndex option) { return option.is_none(); });
}

}  // namespace

Schedule start_schedule(const Instance& instance, const StartParameters& parameters, const Assignment* known) {
  const std::optional<double> left = parameters.stop.seconds_left();
  std::vector<Assignment> choices = {assign_earliest_end(instance)};
  // The second takes about as long as the first, and neither can be cut short.
  const bool has_time = !parameters.stop.reached() && (!left || *parameters.stop.seconds_left() > *left / 2);
  if (!is_complete(choices.front()) || has_time) choices.push_back(assign_balanced_greedy(instance));
  if (std::none_of(choices.begin(), choices.end(), is_complete)) choices.push_back(assign_least_memory(instance));
  if (std::any_of(choices.begin(), choices.end(), is_complete)) {
    std::erase_if(choices, [](const Assignment& choice) { return !is_complete(choice); });
  } else if (known != nullptr) {
    choices = {*known};
  } else {
    choices.resize(1);
    complete_assignment(instance, choices.front(), parameters.fit_exactly, parameters.stop);
  }
  Schedule best;
  for (const Assignment& choice : choices) {
    for (const Scheduler scheduler : parameters.preemptive ? kPreemptive : kWholeTasks) {
      if (!best.choice.empty() && parameters.stop.reached()) return best;
      Schedule schedule = schedule_assignment(instance, choice, scheduler, parameters.threads);
      if (best.choice.empty() || schedule.makespan < best.makespan) best = std::move(schedule);
    }
  }
  return best;
}

}  // namespace splitlane
