#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane {

/// What one client asks of its helper once its option is chosen. Units: the instance's time unit.
struct Service {
  Time release = 0;     ///< r: forward may start here
  Time forward = 0;     ///< p
  Time turnaround = 0;  ///< a = l + l'
  Time backward = 0;    ///< p'
  Time tail = 0;        ///< r': from the end of backward to the completion

  Time load() const { return forward + backward; }
  Time path() const { return release + forward + turnaround + backward + tail; }
};

/// How a helper pays for switching between tasks (docs/json.md#switch-cost).
struct SwitchRule {
  SwitchModel model = SwitchModel::kOccupy;
  Time cost = 0;

  /// Idle lane time needed before a segment that does not continue its task without a gap.
  Time lane_gap() const { return model == SwitchModel::kOccupy ? cost : 0; }
  /// What one run of a task adds to whatever follows it for its client.
  Time run_delay() const { return model == SwitchModel::kCharge ? 2 * cost : 0; }
};

/// A segment inside one helper, naming its client by position in the helper's list of services.
struct LaneSegment {
  std::uint32_t service = 0;
  Task task = Task::kForward;
  Time start = 0;
  Time end = 0;
  bool operator==(const LaneSegment&) const = default;
};

/// What follows for one client from the segments of its helper.
struct ServiceTimes {
  Time forward_end = 0;
  Time backward_ready = 0;  ///< forward_end + turnaround, and the charge of the forward runs
  Time backward_end = 0;
  Time completion = 0;  ///< backward_end + tail, and the charge of the backward runs
};

inline Service service_of(const Instance& instance, OptionIndex option) {
  return {instance.release(option), instance.forward(option), instance.turnaround(option), instance.backward(option),
          instance.tail(option)};
}
inline SwitchRule switch_rule_of(const Instance& instance, HelperIndex helper) {
  return {instance.switch_model(), instance.switch_cost(helper)};
}

/// A service without switch costs that stands for one with them: every schedule of the services under `rule` is also a
/// schedule of their plain services. With `occupy` each task includes its gap: its work is longer by the gap, and it
/// starts earlier by the gap. With `charge` one run of each task delays what follows it. The plain service is exact for
/// schedules without preemption, a relaxation for others, and the service itself where switching is free. A task of
/// length 0 stays one: without forward, the plain release is r + a.
Service plain_service(const Service& service, const SwitchRule& rule);

/// The one evaluator: completion times of all services of one helper from its lane (segments in time order that
/// add up to each task's work; that is checked by check/, not here). A task of length 0 has no segment: a
/// forward ends at its release, a backward when it is ready. O(services + segments).
std::vector<ServiceTimes> evaluate_lane(std::span<const Service> services, const SwitchRule& rule,
                                        std::span<const LaneSegment> lane);

/// The latest completion of `times`; 0 when empty.
Time makespan_of(std::span<const ServiceTimes> times);

}  // namespace splitlane
