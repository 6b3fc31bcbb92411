#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// One step of the proof that a set of clients cannot share a helper with makespan <= C (docs/certificate_rules.md,
/// rules L1 to L6 and E1; docs/how_it_works.md#the-exact-scheduler). Task 2k is the forward of service k, 2k + 1 its
/// backward.
struct LaneProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf: the tasks with head >= `first` and deadline <= `second` have too much work (rule L3).
    kWindow,
    /// Two subtrees: the forward of service `first` ends by `second`, or later (rule L4).
    kCompletion,
    /// Two subtrees, non-preemptive proofs only: task `first` before task `second`, or behind it (rule L5).
    kOrder,
    /// Leaf, the whole proof: the coupling bound with `weights` exceeds C (rule L6).
    kCoupling,
    /// Leaf, the whole proof, without numbers: the check enumerates lanes of the services as they are (rule E1). The
    /// only
    /// step that knows what an interruption costs: all others speak of plain services, which pay for one run a task.
    kExhaustive,
  };
  Kind kind = Kind::kWindow;
  Time first = 0;
  Time second = 0;
  std::vector<std::int64_t> weights;
  bool operator==(const LaneProofStep&) const = default;
};

/// The enumeration behind kExhaustive (docs/certificate_rules.md, rules E2 to E5;
/// src/schedule/exact/exhaustive_lane.hpp proves that some lane of its normal form ends by C if any lane does). Beyond
/// so many states of one proof the check gives up.
inline constexpr std::uint64_t kExhaustiveStateLimit = 1'000'000;
inline constexpr std::size_t kMostExhaustiveOptions = 12;  ///< of one proof

/// The steps of a tree in preorder.
using LaneProof = std::vector<LaneProofStep>;

}  // namespace splitlane
