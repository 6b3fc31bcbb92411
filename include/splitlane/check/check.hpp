#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The ways a plan can be wrong.
enum class ViolationKind {
  kNoOption,        ///< a client has no option, or one that it does not have
  kMemory,          ///< the demands on a helper exceed its memory
  kForeignSegment,  ///< a segment of a client on a helper that does not serve it
  kSegmentOrder,    ///< segments of a helper not in time order, empty, or before time 0
  kOverlap,         ///< two segments of one helper overlap
  kSwitchGap,       ///< less idle time before a segment than the switch cost asks for
  kForwardEarly,    ///< forward starts before its release
  kForwardWork,     ///< forward segments do not add up to `forward`
  kBackwardEarly,   ///< backward starts before it is ready
  kBackwardWork,    ///< backward segments do not add up to `backward`
  kClientTimes,     ///< forward_end, backward_end, completion or queuing do not follow from the segments
  kMakespan,        ///< makespan is not the latest completion
  kBound,           ///< lower_bound above the makespan
  kStatus,          ///< "optimal" although makespan and lower_bound differ
};
inline constexpr std::size_t kViolationKinds = 14;

std::string_view violation_name(ViolationKind kind);

struct Violation {
  ViolationKind kind;
  std::string message;  ///< who (client, helper), what, and the two numbers that disagree
};

/// Everything wrong with a plan; valid means nothing is.
struct CheckReport {
  std::vector<Violation> violations;                  ///< the first `kListed` of each kind, in order of discovery
  std::array<std::size_t, kViolationKinds> counts{};  ///< all of them, by kind
  Time makespan = 0;                                  ///< recomputed from the segments
  static constexpr std::size_t kListed = 20;

  bool valid() const;
  std::size_t count(ViolationKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};

/// Recomputes everything from the segments and chosen options alone, and compares it with what the plan says.
/// Shares no code with the evaluator of plan/, nor with schedule/ or methods/: an error there cannot hide here.
///
/// Where docs/json.md leaves room, these readings hold:
/// - `occupy`: the lane counts as idle from instant 0, so its first segment starts no earlier than `switch_cost`;
///   every later one needs that gap after the end of the segment before it, unless it continues the same task of
///   the same client without a gap.
/// - `charge`: every run (maximal stretch of adjacent segments of the same task of the same client) moves what
///   follows for its client by 2 * switch_cost: readiness of backward, or completion.
/// - queuing = backward_end - (release + forward + client_forward + client_backward + backward) (paper, Sec. IV).
///   Under a local option forward_end, backward_end and queuing are 0.
/// - A client without a valid option is reported once; it has no times to compare and does not count in the
///   makespan. Segments on a helper that does not serve their client take lane time but do no work.
/// - A segment that ends no later than it starts is reported and otherwise ignored; a lane out of order is
///   reported once and then read in order of start.
/// - A table of the wrong size is reported (choices: kNoOption, times: kClientTimes, lanes: kForeignSegment);
///   missing lanes count as empty.
///
/// Never throws on a wrong plan, whatever its numbers. O(clients + segments), plus a sort of each lane out of
/// order.
CheckReport check_plan(const Instance& instance, const Plan& plan);

}  // namespace splitlane
