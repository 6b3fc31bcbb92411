#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// One step of the proof that a set of clients cannot share a helper with makespan <= C
/// (docs/how_it_works.md#the-exact-scheduler).
///
/// Every task has a head h (its lane time starts no earlier) and a deadline d (it ends no later), at first those of the
/// plain service (`plain_service`): forward h = r, d = C - r' - p' - a; backward h = r + p + a, d = C - r'.
struct LaneProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf: the tasks with h >= first and d <= second have more than max(0, second - first) work.
    kWindow,
    /// Two subtrees: forward of service `first` ends by `second` (its d sinks), or not (h of its backward rises to
    /// second + 1 + a).
    kCompletion,
    /// Two subtrees, non-preemptive proofs only: task `first` before task `second`, or behind it. Task 2k is the
    /// forward of service k, 2k + 1 its backward; both have work, for a task without may be over while another one
    /// runs. x before y: h_y >= h_x + work_x, d_x <= d_y - work_y; the same for all orders decided above and for each
    /// client's own chain, to a fixpoint (past every number where the orders contradict each other).
    kOrder,
    /// Leaf, valid only as the whole proof: the coupling bound (docs/how_it_works.md#the-coupling-bound) with `weights`
    /// exceeds C. The weight of service k is weights[k] * p_k * p'_k (0 where one of them is 0).
    kCoupling,
    /// Leaf, valid only as the whole proof: no lane of the services as they are, with their helper's switch cost and
    /// preemption, ends by C. It carries no numbers; the check enumerates lanes (`kExhaustiveStateLimit`). The only
    /// step that knows what an interruption costs: all others speak of plain services, which pay for one run a task.
    kExhaustive,
  };
  Kind kind = Kind::kWindow;
  Time first = 0;
  Time second = 0;
  std::vector<std::int64_t> weights;
  bool operator==(const LaneProofStep&) const = default;
};

/// The enumeration behind kExhaustive. A state is what the runs so far leave: their end, of every task the work left,
/// its readiness, its runs, whether it is held, and the last run if that interrupted its task. It is left out when seen
/// before; when a window of what is left is overloaded (every task as one run with its gap, no sooner than its gap
/// before readiness, the charges of its runs counted); or when tasks are held and none may start exactly when ready.
///
/// The next run is of any task that is neither held nor waits in vain (another one, with a gap behind it, could do all
/// its work before). It starts as soon as gap and readiness permit; when exactly at readiness, no task is held any
/// more. It ends with its task, on time, or at any instant before: then its task is held, and the next run starts after
/// the gap, without waiting, and is of a task that was not ready when the interrupted run started; or it is interrupted
/// as well, and of a later task (task 2k is the forward of service k, 2k + 1 its backward). Some lane of this kind ends
/// by C if any lane does: src/schedule/exact/exhaustive_lane.hpp has the proof.
/// Beyond so many states of one proof the check gives up.
inline constexpr std::uint64_t kExhaustiveStateLimit = 1'000'000;
inline constexpr std::size_t kMostExhaustiveOptions = 12;  ///< of one proof

/// The steps of a tree in preorder.
using LaneProof = std::vector<LaneProofStep>;

}  // namespace splitlane
