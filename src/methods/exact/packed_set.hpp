#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// The sets that an enumeration found not to fit, and when it has to end.
struct RefutedSets {
  StopCondition stop;
  std::vector<std::vector<ColumnIndex>> sets;
};

/// The set of columns of one helper that an enumeration has in hand, and whether memory and the exact scheduler let it
/// grow. A set that the scheduler leaves undecided may stay, for a bound must count it, but is not known to fit.
class PackedSet {
 public:
  PackedSet(const ColumnTable& columns, HelperIndex helper, LaneCache& lane_cache, Time makespan)
      : columns_(columns), lane_cache_(lane_cache), makespan_(makespan), memory_left_(columns.memory(helper)) {}

  /// False, and no change, when the set with this column does not fit.
  bool try_add(ColumnIndex column);
  void remove_last();

  const std::vector<ColumnIndex>& columns() const { return chosen_; }
  bool is_known_to_fit() const { return chosen_.size() < undecided_from_; }

  /// What trying sets took so far, in nodes of an enumeration that tries none.
  std::uint64_t spent() const { return spent_; }

  /// From now on sets that the scheduler refutes, and no window does, are noted here; null: no longer. While they are,
  /// the scheduler heeds the condition beside them.
  void note_refuted(RefutedSets* refuted);

 private:
  static constexpr std::size_t kNoneUndecided = ~std::size_t{0};

  struct PlainTask {
    Time head;
    Time work;
    Time tail;
  };

  bool fits();
  LaneCache::Verdict decide();
  bool overloads_window();

  const ColumnTable& columns_;
  LaneCache& lane_cache_;
  Time makespan_;
  Megabytes memory_left_;
  std::vector<ColumnIndex> chosen_;
  std::vector<PlainTask> tasks_;
  std::size_t undecided_from_ = kNoneUndecided;  ///< size from which on the exact scheduler gave up
  std::uint64_t spent_ = 0;
  RefutedSets* refuted_ = nullptr;
};

}  // namespace splitlane::exact
