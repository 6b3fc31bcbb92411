#pragma once

#include <optional>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "methods/exact/proof_recorder.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// What a client needs of a helper's lane at least, whichever of its allowed columns it takes.
struct Demand {
  Time forward_head, forward_work, forward_tail;
  Time backward_head, backward_work, backward_tail;
  Megabytes memory;
};

/// Removes columns that cannot be taken because the clients that must go to the same helper leave no room in some
/// window or in memory (docs/how_it_works.md#branch-and-bound). Every removal is recorded as a split whose one side is
/// a leaf with one row.
class Propagation {
 public:
  Propagation(const ColumnTable& columns, ProofRecorder& recorder, const StopCondition& stop);

  /// To a fixpoint; false when the domain has no plan by `makespan` (the leaf is recorded). Throws Stopped.
  bool run(Domain& domain, Time makespan);

 private:
  bool refresh_forced(const Domain& domain);
  bool filter_helper(Domain& domain, HelperIndex helper);
  std::optional<PricedRow> conflict(HelperIndex helper, const Demand* extra);

  const ColumnTable& columns_;
  ProofRecorder& recorder_;
  StopCondition stop_;
  Time makespan_ = 0;
  PerHelper<std::vector<Demand>> forced_;  ///< the clients that have no column elsewhere
  PerHelper<Megabytes> forced_memory_;
  PerClient<HelperIndex> forced_helper_;  ///< none() when it may still choose
  PerClient<std::uint32_t> left_;         ///< columns when its demand was computed
  PerHelper<std::uint8_t> dirty_;
  ClientIndex seen_client_;  ///< client of the column before, in filter_helper
  struct Task {
    Time head, work, tail;
  };
  std::vector<Task> tasks_;
  std::vector<Time> heads_, loads_;
};

}  // namespace splitlane::exact
