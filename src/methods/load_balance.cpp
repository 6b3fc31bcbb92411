#include "methods/load_balance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "milp/milp.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

/// Loads of the helpers under an assignment that is being improved.
class LoadBalance {
 public:
  explicit LoadBalance(const Instance& instance)
      : instance_(instance), ledger_(instance), choice_(instance.client_count()), load_(instance.helper_count(), 0) {}

  const Assignment& choice() const { return choice_; }

  /// Starts from a complete assignment instead.
  void adopt(const Assignment& choice) {
    ledger_ = MemoryLedger(instance_);
    std::fill(load_.begin(), load_.end(), 0);
    for (const ClientIndex client : instance_.clients()) {
      choice_[client.value()] = OptionIndex::none();
      put(client, choice[client.value()]);
    }
  }

  /// Longest processing time first: the client with the largest least load picks the option that leaves the smallest
  /// load. A client without room stays none().
  void assign_longest_first() {
    std::vector<Time> least(instance_.client_count());
    for (const ClientIndex client : instance_.clients()) {
      least[client.value()] = instance_.path(instance_.options(client)[0]);
      for (const OptionIndex option : instance_.options(client)) {
        least[client.value()] = std::min(least[client.value()], weight(option));
      }
    }
    std::vector<std::size_t> order(instance_.client_count());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return least[left] > least[right]; });
    for (const std::size_t client : order) {
      OptionIndex best;
      for (const OptionIndex option : instance_.options(ClientIndex(client))) {
        if (ledger_.fits(option) && (best.is_none() || load_with(option) < load_with(best))) best = option;
      }
      if (!best.is_none()) put(ClientIndex(client), best);
    }
  }

  /// Moves one client at a time off the most loaded helper while that lowers the larger of the two loads.
  void move_off_the_largest() {
    std::vector<std::vector<ClientIndex>> served(instance_.helper_count());
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = choice_[client.value()];
      if (!instance_.is_local(option)) served[instance_.helper(option).value()].push_back(client);
    }
    for (bool moved = true; moved;) {
      const std::size_t largest = largest_helper();
      moved = false;
      for (ClientIndex& client : served[largest]) {
        const OptionIndex target = relieving_option(client, load_[largest]);
        if (target.is_none()) continue;
        const ClientIndex mover = client;
        remove(mover);
        put(mover, target);
        std::erase(served[largest], mover);
        if (!instance_.is_local(target)) served[instance_.helper(target).value()].push_back(mover);
        moved = true;
        break;
      }
    }
  }

  Time largest_load() const {
    Time largest = load_[largest_helper()];
    for (const OptionIndex option : choice_) {
      if (instance_.is_local(option)) largest = std::max(largest, weight(option));
    }
    return largest;
  }

 private:
  Time weight(OptionIndex option) const {
    return instance_.is_local(option) ? instance_.path(option) : instance_.load(option);
  }

  Time load_with(OptionIndex option) const {
    return instance_.is_local(option) ? weight(option) : load_[instance_.helper(option).value()] + weight(option);
  }

  void put(ClientIndex client, OptionIndex option) {
    choice_[client.value()] = option;
    ledger_.take(option);
    if (!instance_.is_local(option)) load_[instance_.helper(option).value()] += weight(option);
  }

  void remove(ClientIndex client) {
    const OptionIndex option = choice_[client.value()];
    ledger_.give_back(option);
    if (!instance_.is_local(option)) load_[instance_.helper(option).value()] -= weight(option);
  }

  std::size_t largest_helper() const {
    return static_cast<std::size_t>(std::max_element(load_.begin(), load_.end()) - load_.begin());
  }

  /// The option elsewhere that ends lowest, below `limit`; none() when every one would reach it.
  OptionIndex relieving_option(ClientIndex client, Time limit) const {
    const HelperIndex here = instance_.helper(choice_[client.value()]);
    if (weight(choice_[client.value()]) == 0) return OptionIndex::none();
    OptionIndex best;
    for (const OptionIndex option : instance_.options(client)) {
      if (instance_.helper(option) == here || !ledger_.fits(option) || load_with(option) >= limit) continue;
      if (best.is_none() || load_with(option) < load_with(best)) best = option;
    }
    return best;
  }

  const Instance& instance_;
  MemoryLedger ledger_;
  Assignment choice_;
  std::vector<Time> load_;
};

struct MilpOutcome {
  Assignment choice;
  bool proven = false;
};

MilpOutcome balance_by_milp(const Instance& instance, const Assignment& start, Time start_load,
                            const StopCondition& stop) {
  Milp milp;
  const std::size_t largest = milp.add_column(0, static_cast<double>(start_load), 1, true);
  std::vector<double> start_values = {static_cast<double>(start_load)};
  std::vector<std::size_t> load_rows;
  std::vector<std::size_t> memory_rows;
  for (const HelperIndex helper : instance.helpers()) {
    load_rows.push_back(milp.add_row(-Milp::kInfinity, 0));
    milp.add_term(load_rows.back(), largest, -1);
    const std::optional<Megabytes> capacity = instance.memory_capacity(helper);
    memory_rows.push_back(milp.add_row(-Milp::kInfinity, capacity ? static_cast<double>(*capacity) : Milp::kInfinity));
  }
  for (const ClientIndex client : instance.clients()) {
    const std::size_t row = milp.add_row(1, 1);
    for (const OptionIndex option : instance.options(client)) {
      const std::size_t column = milp.add_column(0, 1, 0, true);
      start_values.push_back(start[client.value()] == option ? 1 : 0);
      milp.add_term(row, column, 1);
      if (instance.is_local(option)) {
        const std::size_t local_row = milp.add_row(-Milp::kInfinity, 0);
        milp.add_term(local_row, column, static_cast<double>(instance.path(option)));
        milp.add_term(local_row, largest, -1);
        continue;
      }
      const std::size_t helper = instance.helper(option).value();
      milp.add_term(load_rows[helper], column, static_cast<double>(instance.load(option)));
      milp.add_term(memory_rows[helper], column, static_cast<double>(instance.memory_demand(option)));
    }
  }
  const Milp::Result result = milp.solve(stop, start_values);
  MilpOutcome outcome{start, result.status == Milp::Status::kOptimal};
  if (result.values.empty()) return outcome;
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      if (result.values[option.value() + 1] > 0.5) outcome.choice[client.value()] = option;
    }
  }
  return outcome;
}

}  // namespace

BalancedAssignment assign_balanced_load(const Instance& instance, const StopCondition& stop) {
  BalancedAssignment result;
  LoadBalance balance(instance);
  balance.assign_longest_first();
  Assignment complete = balance.choice();
  // A dead end of longest-first is no dead end of EquiD's problem, which knows no order.
  complete_assignment(instance, complete, stop);
  balance.adopt(complete);
  balance.move_off_the_largest();
  result.choice = balance.choice();

  if (instance.option_count() > kEquidLargestMilp) {
    result.warnings.push_back(
        fmt::format("{} options are more than {}: the assignment is balanced by "
                    "longest-processing-time-first, not by MILP",
                    instance.option_count(), kEquidLargestMilp));
    return result;
  }
  MilpOutcome outcome =
      balance_by_milp(instance, result.choice, balance.largest_load(), stop.within(kEquidMilpSeconds));
  if (!outcome.proven) {
    result.warnings.emplace_back("the MILP of the assignment was stopped before it proved the largest load smallest");
  }
  result.choice = std::move(outcome.choice);
  return result;
}

}  // namespace splitlane
