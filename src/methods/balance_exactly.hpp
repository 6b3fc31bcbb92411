#pragma once

#include "assignment/memory.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// A balance and whether no other has a smaller largest load.
struct ExactBalance {
  Assignment choice;
  bool is_proven = false;
};

/// Minimises the largest load over the helpers, under memory, from a complete assignment that fits. This is planning in
/// disguise: with load as work, and all waiting and travelling left out, the makespan of a helper is its load. So the
/// exact search does it, with an effort that is counted in steps: the same result every time, unless `stop` cuts it.
/// A local option counts with its time. Helpers without options cost nothing. Never worse than `start`.
ExactBalance balance_exactly(const Instance& instance, const Assignment& start, const StopCondition& stop);

}  // namespace splitlane
