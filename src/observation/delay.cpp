#include "splitlane/observation/delay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "observation/lane_work.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane {

namespace {

/// When a plan, followed as it is, has each client complete its batches, in the instance's unit.
class PlannedCompletions {
 public:
  PlannedCompletions(const Instance& instance, const FollowedPlan& plan) : instance_(instance), plan_(plan) {
    if (!plan.barrier) return;
    const std::int64_t most = *std::max_element(plan.batches.begin(), plan.batches.end());
    for (std::int64_t batch = 0; batch < most; ++batch) {
      Time latest = 0;
      for (const ClientIndex client : instance.clients()) {
        if (batch < plan.batches[client.value()]) latest = std::max(latest, of(client, batch));
      }
      starts_.push_back(latest);
    }
  }

  Time of(ClientIndex client, std::int64_t batch) const {
    const OptionIndex option = plan_.choice[client.value()];
    if (!instance_.is_local(option)) {
      const PlannedBatch& planned = plan_.of(client, batch);
      const SwitchRule rule = switch_rule_of(instance_, instance_.helper(option));
      const Time charged = instance_.backward(option) == 0 ? 0 : rule.run_delay() * (planned.backward_pauses + 1);
      // A backward without work ends where it is ready, and is not in the plan's segments.
      const Time end =
          instance_.backward(option) == 0 ? backward_ready(option, planned, rule, client, batch) : planned.backward_end;
      return end + instance_.tail(option) + charged;
    }
    const Time start = plan_.barrier ? start_of(batch) : batch * instance_.local(option);
    return start + instance_.local(option);
  }

 private:
  Time start_of(std::int64_t batch) const { return batch == 0 ? 0 : starts_[static_cast<std::size_t>(batch) - 1]; }

  Time backward_ready(OptionIndex option, const PlannedBatch& planned, const SwitchRule& rule, ClientIndex client,
                      std::int64_t batch) const {
    if (instance_.forward(option) > 0) {
      return planned.forward_end + instance_.turnaround(option) + rule.run_delay() * (planned.forward_pauses + 1);
    }
    const Time start = batch == 0 ? 0 : plan_.barrier ? start_of(batch) : of(client, batch - 1);
    return start + instance_.release(option) + instance_.turnaround(option);
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  std::vector<Time> starts_;  // of the batch after each
};

/// Adds up the way of the client that completes last.
class DelayOf {
 public:
  DelayOf(const Instance& instance, const FollowedPlan& plan, const Trace& trace)
      : instance_(instance),
        plan_(plan),
        trace_(trace),
        unit_(static_cast<double>(microseconds_per_unit(instance)) * trace.time_scale),
        works_(work_on_lanes(instance, trace)) {}

  std::optional<Delay> explain() {
    if (!find_last()) return std::nullopt;
    const ClientIndex client = delay_.client;
    const std::int64_t batches = completed_batches(client);
    if (batches > plan_.batches[client.value()]) {
      throw Error(ErrorCode::kUsage, {fmt::format("client \"{}\"", instance_.client_id(client)),
                                      "more batches in the trace than in the plan", fmt::format("{} batches", batches),
                                      "the round that was followed"});
    }
    delay_.planned = scaled(plan_.makespan);
    delay_.measured = trace_.makespan();
    Time nominal = 0;
    Time durations = 0;
    Time behind_others = 0;
    Time until = 0;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      const BatchTimes& times = trace_.clients[client.value()].batches[static_cast<std::size_t>(batch)];
      if (plan_.barrier && batch > 0) behind_others += *times.start - until;
      until = *times.completion;
      behind_others += add_batch(batch, times, durations, nominal);
    }
    const Time planned = scaled(PlannedCompletions(instance_, plan_).of(client, batches - 1));
    delay_.waiting = behind_others - (planned - nominal);
    delay_.runtime = delay_.measured - durations - behind_others;
    delay_.slack = planned - delay_.planned;
    return delay_;
  }

 private:
  bool find_last() {
    for (const ClientIndex client : instance_.clients()) {
      const std::int64_t batches = completed_batches(client);
      if (batches == 0) continue;
      const BatchTimes& last = trace_.clients[client.value()].batches[static_cast<std::size_t>(batches) - 1];
      if (!delay_.client.is_none() && *last.completion <= latest_) continue;
      delay_.client = client;
      latest_ = *last.completion;
    }
    return !delay_.client.is_none();
  }

  std::int64_t completed_batches(ClientIndex client) const {
    const std::vector<BatchTimes>& batches = trace_.clients[client.value()].batches;
    return std::count_if(batches.begin(), batches.end(),
                         [](const BatchTimes& times) { return times.completion.has_value(); });
  }

  Time scaled(Time units) const { return std::llround(static_cast<double>(units) * unit_); }

  // Returns how long the batch waited behind others.
  Time add_batch(std::int64_t batch, const BatchTimes& times, Time& durations, Time& nominal) {
    const OptionIndex option = plan_.choice[delay_.client.value()];
    const auto found = works_.find({delay_.client, batch});
    const TaskWork work = found == works_.end() ? TaskWork() : found->second;
    const HelperIndex helper = work[0].helper.is_none() ? work[1].helper : work[0].helper;
    const Time on_helper = work[0].work + work[1].work;
    const Time planned_on_helper = scaled(instance_.load(option));
    const Time planned_own = scaled(instance_.release(option) + instance_.turnaround(option) + instance_.tail(option) +
                                    instance_.local(option));
    Time own = *times.completion - *times.start;
    Time waited = 0;
    if (times.release) {
      const Time charged =
          helper.is_none() ? 0 : scaled(switch_rule_of(instance_, helper).run_delay() * (work[0].runs + work[1].runs));
      own = *times.release - *times.start + *times.backward_ready - *times.forward_end + *times.completion -
            *times.backward_end - charged;
      waited = charged;
    }
    if (!helper.is_none()) {
      waited += behind_others(helper, batch, Task::kForward, *times.release, *times.forward_end) +
                behind_others(helper, batch, Task::kBackward, *times.backward_ready, *times.backward_end);
    }
    delay_.computing += on_helper - planned_on_helper;
    delay_.client_side += own - planned_own;
    durations += on_helper + own;
    nominal += planned_on_helper + planned_own;
    return waited;
  }

  // How long the ready task waited while its helper ran another one or switched.
  Time behind_others(HelperIndex helper, std::int64_t batch, Task task, Time ready, Time end) const {
    const std::vector<TraceSegment>& lane = trace_.lanes[helper.value()];
    const Time gap = scaled(switch_rule_of(instance_, helper).lane_gap());
    Time waited = 0;
    Time last_own = ready;
    Time pending = 0;  // behind others since the last own segment
    Time previous_end = 0;
    const auto first = std::partition_point(lane.begin(), lane.end(),
                                            [ready](const TraceSegment& segment) { return segment.end <= ready; });
    if (first != lane.begin()) previous_end = std::prev(first)->end;
    for (auto segment = first; segment != lane.end() && segment->start < end; ++segment) {
      const Time occupied = std::max(std::max(previous_end, segment->start - gap), last_own);
      previous_end = segment->end;
      const bool own = segment->client == delay_.client && segment->batch == batch && segment->task == task;
      const Time until = own ? segment->start : segment->end;
      pending += std::max<Time>(until - occupied, 0);
      if (!own) continue;
      waited += pending;
      pending = 0;
      last_own = segment->end;
    }
    return waited;
  }

  const Instance& instance_;
  const FollowedPlan& plan_;
  const Trace& trace_;
  double unit_;  // microseconds of the trace in one unit of the instance
  BatchWork works_;
  Delay delay_;
  Time latest_ = 0;
};

}  // namespace

const TraceEvent* first_departure(const Trace& trace) {
  const auto found = std::ranges::find_if(
      trace.events, [](const TraceEvent& event) { return event.kind == "lost" || event.kind == "planned-again"; });
  return found == trace.events.end() ? nullptr : &*found;
}

std::optional<Delay> explain_delay(const Instance& instance, const FollowedPlan& plan, const Trace& trace) {
  return DelayOf(instance, plan, trace).explain();
}

}  // namespace splitlane
