#pragma once

#include <cstdint>
#include <vector>

#include "report/plan_view.hpp"

namespace splitlane::report {

/// One stretch of the critical path. The client of a switch is the one that the helper switches to; of an idle stretch
/// the one that could have run.
struct CriticalStep {
  enum class Kind : std::uint8_t { kRelease, kForward, kTurnaround, kBackward, kTail, kLocal, kSwitch, kIdle };
  Kind kind = Kind::kIdle;
  ClientIndex client;
  Time start = 0;
  Time end = 0;
  bool operator==(const CriticalStep&) const = default;
};

/// Why the makespan is what it is, from time 0 to the completion of the client that completes last: read backwards, a
/// segment starts when its own client became ready (then its turnaround or release comes before), or when its helper
/// was done with another segment (then that one comes before, and a switch where it costs time). Where neither holds,
/// the plan leaves the helper idle, and the later of the two comes before. The steps follow each other without a gap
/// and have no empty ones among them; of a valid plan they cover [0, makespan). Empty when no client is planned.
/// O(segments of the helper).
std::vector<CriticalStep> critical_path(const PlanView& view);

}  // namespace splitlane::report
