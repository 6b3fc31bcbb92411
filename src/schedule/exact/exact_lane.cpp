#include "splitlane/schedule/exact.hpp"

#include <algorithm>

#include "schedule/exact/preemptive_lane.hpp"

namespace splitlane {

LaneDecision decide_lane(std::span<const Service> services, const SwitchRule& /*rule*/, Time makespan,
                         const ExactLaneParameters& parameters) {
  PreemptiveLane lane;
  lane.start(services);
  LaneDecision decision;
  decision.verdict = lane.decide(makespan, parameters);
  if (decision.verdict == LaneDecision::Verdict::kFeasible) decision.lane = lane.lane();
  decision.proof = lane.proof();
  return decision;
}

}  // namespace splitlane
