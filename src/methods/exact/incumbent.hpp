#pragma once

#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/tabu_search.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane::exact {

/// The best plan that the search has, and the way between plans and columns.
class Incumbent {
 public:
  /// `start` must be a valid plan of the instance.
  Incumbent(const Instance& instance, Plan start) : instance_(instance), plan_(std::move(start)) {}

  const Plan& plan() const { return plan_; }
  Time makespan() const { return plan_.makespan; }

  /// The columns of the plan. An option too long to be a column, or dominated, gives way to another on its helper;
  /// kUnset where there is none.
  Choice choice(const ColumnTable& columns) const;

  /// Schedules every helper by `makespan`, as the search found possible, and keeps the plan when it is better.
  bool adopt(const ColumnTable& columns, LaneCache& lane_cache, const Choice& choice, Time makespan);

 private:
  const Instance& instance_;
  Plan plan_;
};

/// The choice of a cover by packings, in which the clients that it leaves out train locally.
Choice completed(const ColumnTable& columns, Choice cover, Time makespan);

}  // namespace splitlane::exact
