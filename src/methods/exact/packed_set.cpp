#include "methods/exact/packed_set.hpp"

#include <algorithm>

namespace splitlane::exact {

namespace {

constexpr std::uint64_t kStubbornNodes = 400'000;
constexpr std::uint64_t kNodesPerSet = 16;
constexpr std::uint64_t kNodesPerQuestion = 200;  // to the exact scheduler

}  // namespace

bool PackedSet::try_add(ColumnIndex column) {
  if (columns_[column].memory > memory_left_) return false;
  memory_left_ -= columns_[column].memory;
  chosen_.push_back(column);
  if (fits()) return true;
  remove_last();
  return false;
}

void PackedSet::note_refuted(RefutedSets* refuted) {
  refuted_ = refuted;
  if (refuted != nullptr) lane_cache_.heed(refuted->stop);
}

void PackedSet::remove_last() {
  memory_left_ += columns_[chosen_.back()].memory;
  chosen_.pop_back();
  if (undecided_from_ > chosen_.size()) undecided_from_ = kNoneUndecided;
}

// Whether the chosen columns, whose last was just added, still fit.
bool PackedSet::fits() {
  const LaneCache::Verdict verdict = decide();
  if (verdict == LaneCache::Verdict::kUnknown) undecided_from_ = std::min(undecided_from_, chosen_.size());
  if (verdict != LaneCache::Verdict::kInfeasible) return true;
  if (refuted_ != nullptr && !overloads_window()) refuted_->sets.push_back(chosen_);
  return false;
}

LaneCache::Verdict PackedSet::decide() {
  spent_ += kNodesPerSet;
  if (const auto known = lane_cache_.known(chosen_, makespan_)) return *known;
  // Many sets that do not fit overload a window, which is found much sooner than all that the scheduler looks at.
  if (overloads_window()) {
    lane_cache_.note_infeasible(chosen_, makespan_);
    return LaneCache::Verdict::kInfeasible;
  }
  spent_ += kNodesPerQuestion;
  const LaneCache::Verdict verdict = lane_cache_.decide(chosen_, makespan_);
  // One undecided set can keep the whole relaxation from a verdict, so it is worth a long look.
  if (verdict == LaneCache::Verdict::kUnknown) return lane_cache_.decide(chosen_, makespan_, kStubbornNodes);
  return verdict;
}

// docs/how_it_works.md#windows. `window_bound` says the same, but allocates for every set: a sixth of the time of the
// whole search.
bool PackedSet::overloads_window() {
  tasks_.clear();
  for (const ColumnIndex column : chosen_) {
    const Service& plain = columns_[column].plain;
    const Time tail = plain.turnaround + plain.backward + plain.tail;
    const Time head = plain.release + plain.forward + plain.turnaround;
    if (plain.forward > 0) tasks_.push_back({plain.release, plain.forward, tail});
    if (plain.backward > 0) tasks_.push_back({head, plain.backward, plain.tail});
  }
  std::sort(tasks_.begin(), tasks_.end(),
            [](const PlainTask& left, const PlainTask& right) { return left.tail > right.tail; });
  for (const PlainTask& first : tasks_) {
    Time end = first.head;
    for (const PlainTask& task : tasks_) {
      if (task.head < first.head) continue;
      end += task.work;
      if (end + task.tail > makespan_) return true;
    }
  }
  return false;
}

}  // namespace splitlane::exact
