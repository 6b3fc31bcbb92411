#include "splitlane/check/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/arithmetic.hpp"
#include "check/lane_tally.hpp"
#include "check/report_writer.hpp"

namespace splitlane {

namespace {

using check_detail::add;
using check_detail::ClientTally;
using check_detail::multiply;
using check_detail::ReportWriter;
using check_detail::subtract;
using check_detail::TaskTally;

// The chosen option of each client; none() where the plan names none that the client has.
std::vector<OptionIndex> valid_choices(const Instance& instance, const Schedule& schedule, ReportWriter& writer) {
  if (schedule.choice.size() > instance.client_count()) {
    writer.add(ViolationKind::kNoOption, [&] {
      return fmt::format("the plan chooses options for {} clients, the instance has {}", schedule.choice.size(),
                         instance.client_count());
    });
  }
  std::vector<OptionIndex> choices(instance.client_count(), OptionIndex::none());
  for (const ClientIndex client : instance.clients()) {
    const bool named = client.value() < schedule.choice.size() && !schedule.choice[client.value()].is_none();
    if (!named) {
      writer.add(ViolationKind::kNoOption,
                 [&] { return fmt::format("client \"{}\": no option is chosen", instance.client_id(client)); });
      continue;
    }
    const OptionIndex option = schedule.choice[client.value()];
    const OptionIndex first = instance.options(client)[0];
    const std::size_t count = instance.options(client).size();
    if (option >= first && option.value() - first.value() < count) {
      choices[client.value()] = option;
      continue;
    }
    writer.add(ViolationKind::kNoOption, [&] {
      return fmt::format("client \"{}\": option {} of the instance is chosen, but its own are {} to {}",
                         instance.client_id(client), option.value(), first.value(), first.value() + count - 1);
    });
  }
  return choices;
}

std::vector<HelperIndex> serving_helpers(const Instance& instance, const std::vector<OptionIndex>& choices) {
  std::vector<HelperIndex> serving(choices.size(), HelperIndex::none());
  for (std::size_t client = 0; client < choices.size(); ++client) {
    if (!choices[client].is_none()) serving[client] = instance.helper(choices[client]);
  }
  return serving;
}

void check_memory(const Instance& instance, const std::vector<OptionIndex>& choices, ReportWriter& writer) {
  std::vector<Megabytes> demand(instance.helper_count(), 0);
  for (const OptionIndex option : choices) {
    if (option.is_none() || instance.is_local(option)) continue;
    Megabytes& sum = demand[instance.helper(option).value()];
    sum = add(sum, instance.memory_demand(option));
  }
  for (const HelperIndex helper : instance.helpers()) {
    const std::optional<Megabytes> capacity = instance.memory_capacity(helper);
    if (!capacity || demand[helper.value()] <= *capacity) continue;
    writer.add(ViolationKind::kMemory, [&] {
      return fmt::format("helper \"{}\": memory {} MB of {} MB", instance.helper_id(helper), demand[helper.value()],
                         *capacity);
    });
  }
}

// One client against its segments: early starts, missing work, and the times that follow.
class ClientCheck {
 public:
  ClientCheck(const Instance& instance, ClientIndex client, OptionIndex option, ReportWriter& writer)
      : instance_(instance), client_(client), option_(option), writer_(writer) {
    if (instance.switch_model() == SwitchModel::kCharge && !instance.is_local(option)) {
      charge_per_run_ = multiply(2, instance.switch_cost(instance.helper(option)));
    }
  }

  ClientTimes recompute(const ClientTally& tally) {
    if (instance_.is_local(option_)) return {0, 0, instance_.path(option_), 0};
    const Time release = instance_.release(option_);
    const Time turnaround = add(instance_.client_forward(option_), instance_.client_backward(option_));
    check_start(ViolationKind::kForwardEarly, "forward", tally.forward, release, "is released");
    check_work(ViolationKind::kForwardWork, "forward", tally.forward, instance_.forward(option_));
    ClientTimes times;
    times.forward_end = tally.forward.runs > 0 ? tally.forward.end : release;
    const Time ready = add(add(times.forward_end, turnaround), multiply(charge_per_run_, tally.forward.runs));
    check_start(ViolationKind::kBackwardEarly, "backward", tally.backward, ready, "is ready");
    check_work(ViolationKind::kBackwardWork, "backward", tally.backward, instance_.backward(option_));
    times.backward_end = tally.backward.runs > 0 ? tally.backward.end : ready;
    times.completion =
        add(add(times.backward_end, instance_.tail(option_)), multiply(charge_per_run_, tally.backward.runs));
    const Time undisturbed =
        add(add(add(release, instance_.forward(option_)), turnaround), instance_.backward(option_));
    times.queuing = subtract(times.backward_end, undisturbed);
    return times;
  }

  void compare(const ClientTimes& stated, const ClientTimes& found) {
    compare("forward_end", stated.forward_end, found.forward_end);
    compare("backward_end", stated.backward_end, found.backward_end);
    compare("completion", stated.completion, found.completion);
    compare("queuing", stated.queuing, found.queuing);
  }

 private:
  void check_start(ViolationKind kind, std::string_view task, const TaskTally& tally, Time earliest,
                   std::string_view event) {
    if (tally.runs == 0 || tally.start >= earliest) return;
    writer_.add(kind, [&] {
      return fmt::format("client \"{}\": {} starts at {}, but {} at {}", instance_.client_id(client_), task,
                         tally.start, event, earliest);
    });
  }

  void check_work(ViolationKind kind, std::string_view task, const TaskTally& tally, Time work) {
    if (tally.work == work) return;
    writer_.add(kind, [&] {
      return fmt::format("client \"{}\": {} segments add up to {}, but the task takes {}", instance_.client_id(client_),
                         task, tally.work, work);
    });
  }

  void compare(std::string_view key, Time stated, Time found) {
    if (stated == found) return;
    writer_.add(ViolationKind::kClientTimes, [&] {
      return fmt::format("client \"{}\": {} is given as {}, but the segments give {}", instance_.client_id(client_),
                         key, stated, found);
    });
  }

  const Instance& instance_;
  ClientIndex client_;
  OptionIndex option_;
  ReportWriter& writer_;
  Time charge_per_run_ = 0;
};

Time check_clients(const Instance& instance, const Schedule& schedule, const std::vector<OptionIndex>& choices,
                   const std::vector<ClientTally>& tallies, ReportWriter& writer) {
  if (schedule.times.size() != instance.client_count()) {
    writer.add(ViolationKind::kClientTimes, [&] {
      return fmt::format("the plan gives times for {} clients, the instance has {}", schedule.times.size(),
                         instance.client_count());
    });
  }
  Time makespan = 0;
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choices[client.value()];
    if (option.is_none()) continue;
    ClientCheck check(instance, client, option, writer);
    const ClientTimes found = check.recompute(tallies[client.value()]);
    if (client.value() < schedule.times.size()) check.compare(schedule.times[client.value()], found);
    makespan = std::max(makespan, found.completion);
  }
  return makespan;
}

void check_summary(const Plan& plan, Time makespan, ReportWriter& writer) {
  if (plan.schedule.makespan != makespan) {
    writer.add(ViolationKind::kMakespan, [&] {
      return fmt::format("makespan is given as {}, but the latest completion is {}", plan.schedule.makespan, makespan);
    });
  }
  if (plan.proof.lower_bound > makespan) {
    writer.add(ViolationKind::kBound, [&] {
      return fmt::format("lower bound {} is above the makespan {}", plan.proof.lower_bound, makespan);
    });
  }
  if (plan.proof.status == PlanStatus::kOptimal && plan.proof.lower_bound != makespan) {
    writer.add(ViolationKind::kStatus, [&] {
      return fmt::format("status is optimal, but the makespan is {} and the lower bound {}", makespan,
                         plan.proof.lower_bound);
    });
  }
}

}  // namespace

std::string_view violation_name(ViolationKind kind) {
  switch (kind) {
    case ViolationKind::kNoOption: return "no_option";
    case ViolationKind::kMemory: return "memory";
    case ViolationKind::kForeignSegment: return "foreign_segment";
    case ViolationKind::kSegmentOrder: return "segment_order";
    case ViolationKind::kOverlap: return "overlap";
    case ViolationKind::kSwitchGap: return "switch_gap";
    case ViolationKind::kForwardEarly: return "forward_early";
    case ViolationKind::kForwardWork: return "forward_work";
    case ViolationKind::kBackwardEarly: return "backward_early";
    case ViolationKind::kBackwardWork: return "backward_work";
    case ViolationKind::kClientTimes: return "client_times";
    case ViolationKind::kMakespan: return "makespan";
    case ViolationKind::kBound: return "bound";
    case ViolationKind::kStatus: return "status";
  }
  return "unknown";
}

bool CheckReport::valid() const {
  return std::all_of(counts.begin(), counts.end(), [](std::size_t count) { return count == 0; });
}

CheckReport check_plan(const Instance& instance, const Plan& plan) {
  CheckReport report;
  ReportWriter writer(report);
  const std::vector<OptionIndex> choices = valid_choices(instance, plan.schedule, writer);
  check_memory(instance, choices, writer);
  const std::vector<ClientTally> tallies =
      check_detail::tally_lanes(instance, plan.schedule.segments, serving_helpers(instance, choices), writer);
  report.makespan = check_clients(instance, plan.schedule, choices, tallies, writer);
  check_summary(plan, report.makespan, writer);
  return report;
}

}  // namespace splitlane
