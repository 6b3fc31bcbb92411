#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/packed_set.hpp"
#include "methods/exact/window_relaxation.hpp"
#include "splitlane/certificate/no_good.hpp"

namespace splitlane::exact {

/// Sets of columns of one helper that are proven not to fit by the makespan in hand (docs/how_it_works.md#no-goods),
/// each as small as leaving out single columns makes it (a lane without some of its tasks is still one, whatever
/// switching costs).
class NoGoodPool {
 public:
  NoGoodPool(const ColumnTable& columns, LaneCache& lane_cache) : columns_(columns), lane_cache_(lane_cache) {}

  /// Forgets everything: a set that does not fit by one makespan may fit by a later one.
  void start(Time makespan);

  /// `set` must be proven infeasible. Adds rows for its helper and all others on which it says something.
  void add(std::vector<ColumnIndex> set, WindowRelaxation& relaxation);

  /// Keeps what refutes these infeasible sets, for the certificate alone: sets as small as possible, and none for those
  /// that what is kept refutes already. Throws Stopped.
  void note(RefutedSets refuted);

  struct Entry {
    std::vector<ColumnIndex> set;
    HelperIndex helper;
  };
  std::span<const Entry> entries() const { return entries_; }

  /// The columns of a helper that the row of this set counts (see PricedRow::kNoGood).
  std::vector<ColumnIndex> counted_columns(std::span<const ColumnIndex> set, HelperIndex helper) const;

  /// In the order of `add`, without their proofs: as much as explains a bound.
  std::vector<NoGood> listed() const;
  /// The same with them. Throws Stopped once `stop` is reached.
  std::vector<NoGood> certified(const StopCondition& stop) const;

 private:
  /// The columns of one helper that an entry counts, as bits by position on the helper.
  struct Mask {
    std::vector<std::uint64_t> words;
    std::size_t size;  ///< of the entry: as many of the counted columns do not fit
  };

  bool says_something_on(HelperIndex of_set, HelperIndex helper) const;
  std::vector<ColumnIndex> smallest(std::vector<ColumnIndex> set);
  bool is_refuted(std::span<const ColumnIndex> set) const;
  void keep(std::vector<ColumnIndex> set);
  std::vector<std::uint64_t> bits_of(std::span<const ColumnIndex> set, HelperIndex helper) const;

  const ColumnTable& columns_;
  LaneCache& lane_cache_;
  Time makespan_ = 0;
  std::vector<Entry> entries_;
  std::set<std::vector<ColumnIndex>> known_;  ///< the noted entries
  PerHelper<std::vector<Mask>> masks_;        ///< of the first of these
};

}  // namespace splitlane::exact
