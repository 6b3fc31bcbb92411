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
  kNoOption,          ///< a client has no option, or one that it does not have
  kMemory,            ///< the demands on a helper exceed its memory
  kForeignSegment,    ///< a segment of a client on a helper that does not serve it
  kSegmentOrder,      ///< segments of a helper not in time order, empty, or before time 0
  kOverlap,           ///< two segments of one helper overlap
  kSwitchGap,         ///< less idle time before a segment than the switch cost asks for
  kForwardEarly,      ///< forward starts before its release
  kForwardWork,       ///< forward segments do not add up to `forward`
  kBackwardEarly,     ///< backward starts before it is ready
  kBackwardWork,      ///< backward segments do not add up to `backward`
  kClientTimes,       ///< forward_end, backward_end, completion or queuing do not follow from the segments
  kMakespan,          ///< makespan is not the latest completion
  kBound,             ///< lower_bound above the makespan
  kStatus,            ///< "optimal" although makespan and lower_bound differ
};
inline constexpr std::size_t kViolationKinds = 14;

std::string_view violation_name(ViolationKind kind);

struct Violation {
  ViolationKind kind;
  std::string message;  ///< who (client, helper), what, and the two numbers that disagree
};

/// Everything wrong with a plan; valid means nothing is.
struct CheckReport {
  std::vector<Violation> violations;          ///< the first `kListed` of each kind, in order of discovery
  std::array<std::size_t, kViolationKinds> counts{};  ///< all of them, by kind
  Time makespan = 0;                          ///< recomputed from the segments
  static constexpr std::size_t kListed = 20;

  bool valid() const;
  std::size_t count(ViolationKind kind) const { return counts[static_cast<std::size_t>(kind)]; }
};

/// Recomputes everything from the segments and chosen options alone, and compares it with what the plan says.
/// Shares no code with plan/, schedule/ or methods/: an error there cannot hide here. Never throws on a wrong
/// plan whose arrays have the instance's sizes. O(clients + segments).
CheckReport check_plan(const Instance& instance, const Plan& plan);

}  // namespace splitlane
