#include "splitlane/plan/service.hpp"

#include <algorithm>
#include <limits>

namespace splitlane {

namespace {

constexpr Time kNotRun = std::numeric_limits<Time>::min();

struct Runs {
  Time forward_end = kNotRun;
  Time backward_end = kNotRun;
  Time forward_count = 0;
  Time backward_count = 0;
};

void extend(Time& end, Time& count, const LaneSegment& segment) {
  // A segment that continues its task without a gap belongs to the same run.
  if (end != segment.start) ++count;
  end = segment.end;
}

}  // namespace

Service plain_service(const Service& service, const SwitchRule& rule) {
  if (rule.cost == 0) return service;
  const Time gap = rule.lane_gap();
  const bool has_forward = service.forward > 0;
  const bool has_backward = service.backward > 0;
  Service plain = service;
  if (has_backward) {
    plain.backward += gap;
    plain.tail += rule.run_delay();
  }
  if (!has_forward) {
    const Time ready = service.release + service.turnaround;
    plain.release = has_backward ? std::max(ready, gap) - gap : ready;
    plain.turnaround = 0;
    return plain;
  }
  plain.release = std::max(service.release, gap) - gap;
  plain.forward += gap;
  plain.turnaround += rule.run_delay();
  // A helper that ran the forward itself is idle for `gap` before the backward, even if the client answers sooner.
  if (has_backward) plain.turnaround = std::max(service.turnaround, gap) - gap + rule.run_delay();
  return plain;
}

std::vector<ServiceTimes> evaluate_lane(std::span<const Service> services, const SwitchRule& rule,
                                        std::span<const LaneSegment> lane) {
  std::vector<Runs> runs(services.size());
  for (const LaneSegment& segment : lane) {
    Runs& client = runs[segment.service];
    if (segment.task == Task::kForward) {
      extend(client.forward_end, client.forward_count, segment);
    } else {
      extend(client.backward_end, client.backward_count, segment);
    }
  }
  std::vector<ServiceTimes> times(services.size());
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    const Runs& run = runs[index];
    ServiceTimes& result = times[index];
    result.forward_end = run.forward_count > 0 ? run.forward_end : service.release;
    result.backward_ready = result.forward_end + service.turnaround + rule.run_delay() * run.forward_count;
    result.backward_end = run.backward_count > 0 ? run.backward_end : result.backward_ready;
    result.completion = result.backward_end + service.tail + rule.run_delay() * run.backward_count;
  }
  return times;
}

Time makespan_of(std::span<const ServiceTimes> times) {
  Time makespan = 0;
  for (const ServiceTimes& time : times) makespan = std::max(makespan, time.completion);
  return makespan;
}

}  // namespace splitlane
