#pragma once

#include <array>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane {

/// A task with the coupling dropped (docs/how_it_works.md#windows): it needs `work` units of its lane inside
/// [head, makespan - tail]. work == 0: the task needs no lane and is no part of any window.
struct RelaxedTask {
  Time head = 0;
  Time work = 0;
  Time tail = 0;
};

/// Forward and backward of one service. Switch costs enter so that the relaxation stays valid for every schedule:
/// `occupy` (docs/how_it_works.md#options-switch-costs-no-preemption): one gap stands right before the first segment of
/// each task, so the lane is taken for cost + work from `cost` before the earliest start; `charge`: one run at least
/// delays what follows by 2 * cost.
std::array<RelaxedTask, 2> relaxed_tasks(const Service& service, const SwitchRule& rule);

/// The completion of the service when the helper serves nothing else; `tasks` as above.
inline Time path_of(const std::array<RelaxedTask, 2>& tasks) { return tasks[1].head + tasks[1].work + tasks[1].tail; }

/// What decides how soon one lane can end.
struct CriticalTail {
  Time bound = 0;  ///< no schedule of the tasks ends sooner, and one ends then
  Time tail = 0;   ///< the bound is s + (work of tasks with head >= s and tail >= this) + this, for some s
};
/// Of tasks that all have work: preemptive largest-tail-first. Sorts `tasks` by head. O(n log n).
CriticalTail critical_tail(std::vector<RelaxedTask>& tasks);

}  // namespace splitlane
