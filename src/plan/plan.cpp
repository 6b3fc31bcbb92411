#include "splitlane/plan/plan.hpp"

#include <algorithm>
#include <utility>

#include "splitlane/plan/service.hpp"

namespace splitlane {

namespace {

// The services of one lane and the clients behind them, in order of their first segment.
struct LaneView {
  std::vector<Service> services;
  std::vector<ClientIndex> clients;
  std::vector<LaneSegment> segments;
};

constexpr std::uint32_t kNoPosition = ClientIndex::kNoneValue;

LaneView view_lane(const Instance& instance, const Schedule& schedule, HelperIndex helper,
                   std::vector<std::uint32_t>& position_of_client) {
  LaneView view;
  for (const Segment& segment : schedule.segments.lane(helper)) {
    std::uint32_t& position = position_of_client[segment.client.value()];
    if (position == kNoPosition) {
      position = static_cast<std::uint32_t>(view.services.size());
      view.services.push_back(service_of(instance, schedule.choice[segment.client.value()]));
      view.clients.push_back(segment.client);
    }
    view.segments.push_back({position, segment.task, segment.start, segment.end});
  }
  return view;
}

ClientTimes client_times(const Service& service, const ServiceTimes& times) {
  // Queuing as in the paper, Sec. IV: phi_j - (r + p + l + l' + p').
  const Time undisturbed = service.path() - service.tail;
  return {times.forward_end, times.backward_end, times.completion, times.backward_end - undisturbed};
}

// A client without segments: local, or both its tasks have length 0.
ClientTimes times_without_segments(const Instance& instance, OptionIndex option) {
  if (instance.is_local(option)) return {0, 0, instance.path(option), 0};
  const Service service = service_of(instance, option);
  const SwitchRule rule = switch_rule_of(instance, instance.helper(option));
  return client_times(service, evaluate_lane(std::span(&service, 1), rule, {}).front());
}

}  // namespace

double Plan::gap() const { return relative_gap(schedule.makespan, proof.lower_bound); }

std::map<std::string, ParameterValue> document_parameters(const PlanOrigin& origin) {
  std::map<std::string, ParameterValue> parameters = origin.parameters;
  if (!origin.preemptive) parameters["preemptive"] = false;
  return parameters;
}

double relative_gap(Time makespan, Time lower_bound) {
  return static_cast<double>(makespan - lower_bound) / static_cast<double>(std::max<Time>(lower_bound, 1));
}

Schedule evaluate_schedule(const Instance& instance, std::vector<OptionIndex> choice, SegmentTable segments) {
  Schedule schedule;
  schedule.choice = std::move(choice);
  schedule.segments = std::move(segments);
  schedule.times.resize(instance.client_count());

  std::vector<std::uint32_t> position_of_client(instance.client_count(), kNoPosition);
  for (const HelperIndex helper : instance.helpers()) {
    const LaneView view = view_lane(instance, schedule, helper, position_of_client);
    const std::vector<ServiceTimes> times =
        evaluate_lane(view.services, switch_rule_of(instance, helper), view.segments);
    for (std::size_t index = 0; index < times.size(); ++index) {
      schedule.times[view.clients[index].value()] = client_times(view.services[index], times[index]);
    }
  }
  for (const ClientIndex client : instance.clients()) {
    if (position_of_client[client.value()] == kNoPosition) {
      schedule.times[client.value()] = times_without_segments(instance, schedule.choice[client.value()]);
    }
    schedule.makespan = std::max(schedule.makespan, schedule.times[client.value()].completion);
  }
  return schedule;
}

void set_lower_bound(Plan& plan, Time lower_bound) {
  plan.proof.lower_bound = std::max(plan.proof.lower_bound, lower_bound);
  plan.proof.status = plan.schedule.makespan == plan.proof.lower_bound ? PlanStatus::kOptimal : PlanStatus::kFeasible;
}

}  // namespace splitlane
