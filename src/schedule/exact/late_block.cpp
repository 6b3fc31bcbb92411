#include "schedule/exact/late_block.hpp"

#include "base/assert.hpp"

namespace splitlane {

LateBlock LateBlockFinder::examine(std::span<const Service> services, const LaneTasks& tasks, const Lane& lane,
                                   std::size_t last) {
  const TaskIndex late = task_at(lane[last]);
  std::size_t first = last;
  while (first > 0 && lane[first - 1].end == lane[first].start &&
         tasks.deadline[task_at(lane[first - 1])] <= tasks.deadline[late]) {
    --first;
  }
  LateBlock block;
  block.window = {lane[first].start, tasks.deadline[late]};
  block.lateness = lane[last].end - tasks.deadline[late];
  SPLITLANE_ASSERT(block.lateness > 0, block.lateness);
  Time largest = 0;
  ++block_;
  for (std::size_t index = first; index <= last; ++index) {
    const TaskIndex task = task_at(lane[index]);
    if (seen_[task] == block_) continue;
    seen_[task] = block_;
    if (task_of(task) == Task::kForward || tasks.head[task] >= block.window.first) continue;
    block.movable += tasks.work[task];
    ++block.candidates;
    const Time threshold = block.window.first - services[task / 2].turnaround - 1;
    if (tasks.work[task] > largest && tasks.deadline[task - 1] > threshold) {
      largest = tasks.work[task];
      block.service = lane[index].service;
      block.threshold = threshold;
    }
  }
  block.is_forced = block.movable - largest < block.lateness;
  return block;
}

std::optional<LateBlock> LateBlockFinder::find(std::span<const Service> services, const LaneTasks& tasks,
                                               const Lane& lane, std::span<const Time> completions) {
  seen_.assign(tasks.count(), 0);
  block_ = 0;
  std::optional<LateBlock> best;
  for (std::size_t index = 0; index < lane.size(); ++index) {
    const TaskIndex task = task_at(lane[index]);
    if (completions[task] != lane[index].end || completions[task] <= tasks.deadline[task]) continue;
    const LateBlock block = examine(services, tasks, lane, index);
    if (block.is_overloaded()) return block;
    if (block.service == LateBlock::kNobody) continue;
    if (block.is_forced) return block;
    if (!best || block.candidates < best->candidates ||
        (block.candidates == best->candidates && tasks.work[task_index(block.service, Task::kBackward)] >
                                                     tasks.work[task_index(best->service, Task::kBackward)])) {
      best = block;
    }
  }
  return best;
}

}  // namespace splitlane
