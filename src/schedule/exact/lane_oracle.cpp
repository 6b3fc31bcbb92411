#include "schedule/exact/lane_oracle.hpp"

namespace splitlane {

void LaneOracle::start(std::span<const Service> services, const SwitchRule& rule, bool /*preemptive*/) {
  services_.assign(services.begin(), services.end());
  rule_ = rule;
  plain_.clear();
  for (const Service& service : services_) plain_.push_back(plain_service(service, rule));
  preemptive_.start(plain_);
}

LaneOracle::Verdict LaneOracle::decide(Time makespan, const ExactLaneParameters& parameters) {
  return preemptive_.decide(makespan, parameters);
}

Time LaneOracle::lower_bound(Time limit) { return preemptive_.lower_bound(limit); }

}  // namespace splitlane
