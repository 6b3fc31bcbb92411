#include "splitlane/analysis/what_if.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "analysis/suggested_changes.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kMostMemoryHelpers = 3;

/// Steps at which more memory of one helper can change what fits: multiples of the demands' common divisor.
struct MemorySteps {
  Megabytes divisor = 0;   ///< 0: nobody demands anything
  Megabytes everyone = 0;  ///< holds all clients at once, whatever their options

  MemorySteps(const Instance& instance, HelperIndex helper) {
    for (const ClientIndex client : instance.clients()) {
      Megabytes most = 0;
      for (const OptionIndex option : instance.options(client)) {
        if (instance.helper(option) != helper) continue;
        divisor = std::gcd(divisor, instance.memory_demand(option));
        most = std::max(most, instance.memory_demand(option));
      }
      everyone = std::min(everyone + most, kLargestNumber);
    }
  }
};

/// Tries one change after the other and keeps the rows.
class Trial {
 public:
  Trial(const Instance& instance, const Plan& base, const WhatIfParameters& parameters)
      : instance_(instance), base_(base), parameters_(parameters) {}

  bool cancelled() const {
    return parameters_.cancelled != nullptr && parameters_.cancelled->load(std::memory_order_relaxed);
  }

  /// Nothing when cancelled: a plan cut short would not stand comparison with the others.
  std::optional<WhatIfRow> plan(Suggestion suggestion) {
    if (cancelled()) return std::nullopt;
    if (parameters_.on_row) parameters_.on_row(suggestion.text);
    WhatIfRow row = plan_changed(instance_, base_, std::move(suggestion.changes), parameters_);
    row.text = std::move(suggestion.text);
    if (cancelled()) return std::nullopt;
    return row;
  }

  std::optional<WhatIfRow> plan(const Change& change) { return plan({change_text(instance_, change), {change}}); }

  /// True when the row was planned and is shorter than the base.
  bool keep(std::optional<WhatIfRow> row) {
    if (!row) {
      ++left_out_;
      return false;
    }
    rows_.push_back(*std::move(row));
    return rows_.back().makespan < base_.schedule.makespan;
  }

  void try_memory() {
    Suggestion everywhere{"no limit of memory anywhere", {}};
    for (const HelperIndex helper : instance_.helpers()) {
      if (instance_.memory_capacity(helper)) everywhere.changes.push_back(unbounded(helper));
    }
    if (everywhere.changes.empty() || !keep(plan(everywhere))) return;
    std::size_t tried = 0;
    for (const HelperIndex helper : helpers_by_weight(instance_, base_)) {
      const MemorySteps steps(instance_, helper);
      if (steps.everyone <= instance_.memory_capacity(helper).value_or(kLargestNumber)) continue;
      if (tried++ >= kMostMemoryHelpers) return;
      const bool is_only_one = everywhere.changes.size() == 1;
      if (is_only_one || keep(plan(unbounded(helper)))) keep(least_memory(helper, steps));
    }
  }

  std::vector<WhatIfRow> take_rows() {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const WhatIfRow& left, const WhatIfRow& right) { return left.makespan < right.makespan; });
    return std::move(rows_);
  }
  std::size_t left_out() const { return left_out_; }

 private:
  static Change unbounded(HelperIndex helper) { return {Change::Kind::kUnboundedMemory, {}, helper, 0}; }

  // By bisection, since more memory never hurts; only to be called where no limit at all helps.
  std::optional<WhatIfRow> least_memory(HelperIndex helper, const MemorySteps& steps) {
    const Megabytes capacity = *instance_.memory_capacity(helper);
    Megabytes too_little = capacity / steps.divisor;
    Megabytes enough = (steps.everyone + steps.divisor - 1) / steps.divisor;
    std::optional<WhatIfRow> best;
    while (!best || enough - too_little > 1) {
      const Megabytes middle = best ? too_little + (enough - too_little) / 2 : enough;
      auto row = plan(Change{Change::Kind::kMoreMemory, {}, helper, middle * steps.divisor - capacity});
      if (!row) return std::nullopt;
      if (row->makespan < base_.schedule.makespan) {
        best = std::move(row);
        enough = middle;
      } else if (best) {
        too_little = middle;
      } else {
        return row;
      }
    }
    return best;
  }

  const Instance& instance_;
  const Plan& base_;
  const WhatIfParameters& parameters_;
  std::vector<WhatIfRow> rows_;
  std::size_t left_out_ = 0;
};

}  // namespace

WhatIfRow plan_changed(const Instance& instance, const Plan& base, std::vector<Change> changes,
                       const WhatIfParameters& parameters) {
  WhatIfRow row;
  row.text = change_text(instance, changes);
  row.changes = std::move(changes);
  row.makespan = base.schedule.makespan;
  const Instance changed = changed_instance(instance, row.changes);
  try {
    const Plan plan = parameters.plan(changed);
    row.makespan = std::min(plan.schedule.makespan, base.schedule.makespan);
    row.lower_bound = plan.proof.lower_bound;
  } catch (const Error& error) {
    // A method that finds no plan in tight memory: `base` is one.
    if (error.code() != ErrorCode::kInfeasible && error.code() != ErrorCode::kNoneFound) throw;
  }
  if (row.makespan == row.lower_bound) row.status = PlanStatus::kOptimal;
  return row;
}

WhatIf what_if(const Instance& instance, Plan base, const WhatIfParameters& parameters) {
  Trial trial(instance, base, parameters);
  for (Suggestion& suggestion : suggested_changes(instance, base, parameters.faster_percent)) {
    trial.keep(trial.plan(std::move(suggestion)));
  }
  trial.try_memory();
  WhatIf result;
  result.rows = trial.take_rows();
  result.left_out = trial.left_out();
  result.base = std::move(base);
  return result;
}

}  // namespace splitlane
