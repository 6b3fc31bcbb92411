#include "check/verify/chosen_set.hpp"

#include <algorithm>

#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

bool ChosenSet::try_add(const Candidate& candidate) {
  if (!fits(candidate)) return false;
  insert_tasks(candidate);
  if (overloads_window()) {
    erase_tasks(candidate);
    return false;
  }
  if (is_bounded()) demand_ += candidate.demand;
  for (const std::uint32_t no_good : candidate.no_goods) ++no_good_counts_[no_good];
  return true;
}

void ChosenSet::remove_last(const Candidate& candidate) {
  erase_tasks(candidate);
  if (is_bounded()) demand_ -= candidate.demand;
  for (const std::uint32_t no_good : candidate.no_goods) --no_good_counts_[no_good];
}

bool ChosenSet::fits(const Candidate& candidate) const {
  // Neither exceeds 2^53: the set fits a bounded memory already.
  if (is_bounded() && demand_ + candidate.demand > memory_) return false;
  return std::all_of(candidate.no_goods.begin(), candidate.no_goods.end(),
                     [&](std::uint32_t no_good) { return no_good_counts_[no_good] + 1 < no_good_sizes_[no_good]; });
}

void ChosenSet::insert_tasks(const Candidate& candidate) {
  for (const PlainTask& task : candidate.plain.tasks()) {
    if (task.work == 0) continue;
    const auto position =
        std::find_if(tasks_.begin(), tasks_.end(), [&](const PlainTask& other) { return other.tail < task.tail; });
    tasks_.insert(position, task);
  }
}

void ChosenSet::erase_tasks(const Candidate& candidate) {
  for (const PlainTask& task : candidate.plain.tasks()) {
    if (task.work == 0) continue;
    tasks_.erase(std::find(tasks_.begin(), tasks_.end(), task));
  }
}

// docs/how_it_works.md#windows: tasks with head >= s and tail >= t have more work than makespan - s - t.
bool ChosenSet::overloads_window() const {
  scene_.effort.spend(tasks_.size() * tasks_.size());
  return std::any_of(tasks_.begin(), tasks_.end(), [&](const PlainTask& first) {
    Wide work = 0;
    return std::any_of(tasks_.begin(), tasks_.end(), [&](const PlainTask& task) {
      if (task.head < first.head) return false;
      work += task.work;
      return work > Wide{scene_.makespan} - first.head - task.tail;
    });
  });
}

}  // namespace splitlane::verify_detail
