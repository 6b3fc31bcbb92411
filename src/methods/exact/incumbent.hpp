#pragma once

#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/tabu_search.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane::exact {

/// The best schedule that the search has, and the way between plans and columns.
class Incumbent {
 public:
  /// `start` must be that of a valid plan of the instance.
  Incumbent(const Instance& instance, Schedule start) : instance_(instance), schedule_(std::move(start)) {}

  const Schedule& schedule() const { return schedule_; }
  Time makespan() const { return schedule_.makespan; }

  /// The columns of the schedule. An option too long to be a column, or dominated, gives way to another on its helper;
  /// kNoColumn where there is none.
  Choice choice(const ColumnTable& columns) const;

  /// Schedules every helper by `makespan`, as the search found possible, and keeps the schedule when it is better.
  bool adopt(const ColumnTable& columns, LaneCache& lane_cache, const Choice& choice, Time makespan);

 private:
  const Instance& instance_;
  Schedule schedule_;
};

/// The choice of a cover by packings, in which the clients that it leaves out train locally.
Choice completed(const ColumnTable& columns, Choice cover, Time makespan);

}  // namespace splitlane::exact
