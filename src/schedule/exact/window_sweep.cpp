#include "schedule/exact/window_sweep.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"

namespace splitlane {

namespace {

// The orders of consecutive calls are nearly the same, which insertion sort turns into nearly linear time.
void sort_by(std::vector<TaskIndex>& order, std::span<const Time> key) {
  for (std::size_t next = 1; next < order.size(); ++next) {
    const TaskIndex task = order[next];
    std::size_t place = next;
    for (; place > 0 && key[order[place - 1]] > key[task]; --place) order[place] = order[place - 1];
    order[place] = task;
  }
}

}  // namespace

void WindowSweep::reset(std::span<const Time> work) {
  work_.assign(work.begin(), work.end());
  longest_work_ = 0;
  by_head_.clear();
  for (TaskIndex task = 0; task < work.size(); ++task) {
    if (work[task] > 0) by_head_.push_back(task);
    longest_work_ = std::max(longest_work_, work[task]);
  }
  by_deadline_ = by_head_;
  rank_.resize(work.size());
  completion_.resize(work.size());
  refuted_from_.resize(work.size());
  latest_end_.resize(work.size());
  latest_start_.resize(work.size());
}

void WindowSweep::sort_tasks(std::span<const Time> head, std::span<const Time> deadline) {
  sort_by(by_head_, head);
  sort_by(by_deadline_, deadline);
  start_.clear();
  for (const TaskIndex task : by_head_) {
    if (start_.empty() || start_.back() != head[task]) start_.push_back(head[task]);
    rank_[task] = static_cast<std::uint32_t>(start_.size() - 1);
    completion_[task] = head[task] + work_[task];
    refuted_from_[task] = head[task];
  }
  end_ = start_;
}

std::optional<Window> WindowSweep::run(std::span<const Time> head, std::span<const Time> deadline,
                                       std::optional<Task> asked) {
  SPLITLANE_ASSERT(head.size() == work_.size() && deadline.size() == work_.size(), head.size(), deadline.size(),
                   work_.size());
  sort_tasks(head, deadline);
  std::size_t loaded = 0;  // heads below this rank have work
  for (std::size_t next = 0; next < by_deadline_.size();) {
    const Time now = deadline[by_deadline_[next]];
    for (; next < by_deadline_.size() && deadline[by_deadline_[next]] == now; ++next) {
      const TaskIndex task = by_deadline_[next];
      const std::size_t reached = rank_[task] + std::size_t{1};
      for (std::size_t rank = 0; rank < reached; ++rank) end_[rank] += work_[task];
      loaded = std::max(loaded, reached);
    }
    Time latest = std::numeric_limits<Time>::min();
    Time latest_start = 0;
    for (std::size_t rank = 0; rank < loaded; ++rank) {
      if (end_[rank] > latest) {
        latest = end_[rank];
        latest_start = start_[rank];
      }
      latest_end_[rank] = latest;
      latest_start_[rank] = latest_start;
    }
    if (latest > now) return Window{latest_start, now};
    if (latest + longest_work_ > now) {
      for (std::size_t rank = loaded; rank < start_.size(); ++rank) {
        latest_end_[rank] = latest;
        latest_start_[rank] = latest_start;
      }
      delay_later_tasks(deadline, next, asked);
    }
  }
  return std::nullopt;
}

void WindowSweep::delay_later_tasks(std::span<const Time> deadline, std::size_t first_later,
                                    std::optional<Task> asked) {
  if (first_later == by_deadline_.size()) return;
  const Time now = deadline[by_deadline_[first_later - 1]];
  const Time next = deadline[by_deadline_[first_later]];
  for (std::size_t later = first_later; later < by_deadline_.size(); ++later) {
    const TaskIndex task = by_deadline_[later];
    if (asked && task_of(task) != *asked) continue;
    // If the task ended before the next deadline, the window would end with it and hold its work, too.
    const Time end = latest_end_[rank_[task]] + work_[task];
    if (end <= now) continue;
    const Time completion = std::min(end, next);
    if (completion > completion_[task]) {
      completion_[task] = completion;
      refuted_from_[task] = latest_start_[rank_[task]];
    }
  }
}

}  // namespace splitlane
