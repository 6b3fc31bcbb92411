#include "splitlane/observation/observed_batch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/assert.hpp"
#include "observation/lane_work.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane {

namespace {

class Observer {
 public:
  Observer(const Instance& instance, const Trace& trace, const std::vector<OptionIndex>& choice)
      : instance_(instance),
        trace_(trace),
        choice_(choice),
        unit_(static_cast<double>(microseconds_per_unit(instance)) * trace.time_scale),
        works_(work_on_lanes(instance, trace)) {}

  ObservedBatches observe() {
    for (const ClientIndex client : instance_.clients()) {
      const std::vector<BatchTimes>& batches = trace_.clients[client.value()].batches;
      for (std::size_t batch = 0; batch < batches.size(); ++batch) {
        observe(client, static_cast<std::int64_t>(batch), batches[batch]);
      }
    }
    return std::move(result_);
  }

 private:
  void observe(ClientIndex client, std::int64_t batch, const BatchTimes& times) {
    if (!times.start || (!times.release && !times.completion)) return;  // nothing of it has ended
    const auto found = works_.find({client, batch});
    const TaskWork work = found == works_.end() ? TaskWork() : found->second;
    const OptionIndex option = option_of(client, times, work);
    if (option.is_none()) {
      ++result_.unknown;
      return;
    }
    result_.batches.push_back({client, option, batch, durations(option, times, work)});
  }

  OptionIndex option_of(ClientIndex client, const BatchTimes& times, const TaskWork& work) const {
    HelperIndex helper = HelperIndex::none();
    if (times.release) {
      helper = work[0].helper.is_none() ? work[1].helper : work[0].helper;
      if (helper.is_none()) helper = trace_.clients[client.value()].helper;  // tasks without work have no segment
    }
    if (!choice_.empty()) {
      const OptionIndex planned = choice_[client.value()];
      if (!planned.is_none() && instance_.helper(planned) == helper) return planned;
    }
    OptionIndex only = OptionIndex::none();
    for (const OptionIndex option : instance_.options(client)) {
      if (instance_.helper(option) != helper) continue;
      if (!only.is_none()) return OptionIndex::none();
      only = option;
    }
    return only;
  }

  StepDurations durations(OptionIndex option, const BatchTimes& times, const TaskWork& work) const {
    StepDurations result;
    const auto set = [&](BatchStep step, std::optional<Time> from, std::optional<Time> to, Time without) {
      if (from && to) result[position(step)] = in_units(*to - *from - without);
    };
    if (instance_.is_local(option)) {
      set(BatchStep::kLocal, times.start, times.completion, 0);
      return result;
    }
    const SwitchRule rule = switch_rule_of(instance_, instance_.helper(option));
    const auto charged = [&](Task task) {
      const auto units = static_cast<double>(rule.run_delay() * work.at(static_cast<std::size_t>(task)).runs);
      return static_cast<Time>(std::llround(units * unit_));
    };
    set(BatchStep::kRelease, times.start, times.release, 0);
    if (times.forward_end) result[position(BatchStep::kForward)] = in_units(work[0].work);
    set(BatchStep::kTurnaround, times.forward_end, times.backward_ready, charged(Task::kForward));
    if (times.backward_end) result[position(BatchStep::kBackward)] = in_units(work[1].work);
    set(BatchStep::kTail, times.backward_end, times.completion, charged(Task::kBackward));
    return result;
  }

  double in_units(Time microseconds) const { return static_cast<double>(std::max<Time>(microseconds, 0)) / unit_; }

  const Instance& instance_;
  const Trace& trace_;
  const std::vector<OptionIndex>& choice_;
  double unit_;  // microseconds of the trace in one unit of the instance
  BatchWork works_;
  ObservedBatches result_;
};

}  // namespace

Time assumed_duration(const Instance& instance, OptionIndex option, BatchStep step) {
  switch (step) {
    case BatchStep::kRelease: return instance.release(option);
    case BatchStep::kForward: return instance.forward(option);
    case BatchStep::kTurnaround: return instance.turnaround(option);
    case BatchStep::kBackward: return instance.backward(option);
    case BatchStep::kTail: return instance.tail(option);
    case BatchStep::kLocal: break;
  }
  return instance.local(option);
}

ObservedBatches observed_batches(const Instance& instance, const Trace& trace, const std::vector<OptionIndex>& choice) {
  SPLITLANE_ASSERT(trace.lanes.size() == instance.helper_count() && trace.clients.size() == instance.client_count());
  return Observer(instance, trace, choice).observe();
}

}  // namespace splitlane
