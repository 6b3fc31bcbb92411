#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane {

/// How many batches each client trains in a round, by client; at least 1.
using BatchCounts = std::vector<std::int64_t>;

/// How a round is made from the plan of one batch.
enum class RoundWay : std::uint8_t {
  kBarrier,     ///< the paper's (end of Sec. V): a batch starts when all clients have completed the one before
  kOrder,       ///< no barrier, every helper repeats the order of the plan
  kPriority,    ///< no barrier, the longest remaining path first, the plan's assignment
  kReassigned,  ///< no barrier, the longest remaining path first, an assignment made for the whole round
};
inline constexpr std::size_t kRoundWays = 4;

/// "barrier", "order", "priority", "reassigned".
std::string_view round_way_name(RoundWay way);

/// A segment of one batch of a client, counted from 1.
struct BatchSegment {
  ClientIndex client;
  std::int64_t batch = 1;
  Task task = Task::kForward;
  Time start = 0;
  Time end = 0;
  bool operator==(const BatchSegment&) const = default;
};

/// Consecutive batches with the same clients, and so with the same schedule.
struct RoundPhase {
  std::int64_t first_batch = 1;
  std::int64_t batch_count = 1;
  Time makespan = 0;  ///< of one batch

  struct PhaseLane {
    HelperIndex helper;
    std::vector<Segment> segments;  ///< in time from the start of each batch
  };
  /// The helpers that do not run as in the phase before, in helper order; all of them in the first phase.
  std::vector<PhaseLane> lanes;
};

/// What became of one way of making the round.
struct TriedWay {
  RoundWay way = RoundWay::kBarrier;
  Time makespan = 0;
  Time lower_bound = 0;  ///< no round with this way's assignment ends sooner
};

/// A whole round: all batches of all clients. Under `kBarrier` the schedule is in `phases`, otherwise in `lanes`.
struct Round {
  RoundWay way = RoundWay::kBarrier;
  bool preemptive = true;  ///< whether a task may be paused; a round that is followed keeps to it
  PlanStatus status = PlanStatus::kFeasible;
  Time makespan = 0;
  Time lower_bound = 0;  ///< no round of the instance ends sooner, whatever the assignment, barrier or not
  BatchCounts batches;
  std::vector<OptionIndex> choice;
  std::vector<Time> completion;                  ///< of each client's last batch
  std::vector<RoundPhase> phases;                ///< in order of time
  std::vector<std::vector<BatchSegment>> lanes;  ///< one per helper, in order of time
  std::vector<TriedWay> ways;                    ///< every way that was tried, in the order of RoundWay
  std::vector<std::string> warnings;
  std::string note;  ///< what else stands in its document's `meta`, the text of a JSON object; empty: nothing
};

}  // namespace splitlane
