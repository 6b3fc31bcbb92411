#include <algorithm>
#include <cmath>
#include <utility>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/instance/retimed.hpp"
#include "splitlane/observation/delay.hpp"
#include "splitlane/observation/measured.hpp"

namespace splitlane {

namespace {

/// The clients under the options that the plan chose, in microseconds, so that executions cost nothing for others.
class ChosenProblem {
 public:
  ChosenProblem(const Instance& instance, const FollowedPlan& plan)
      : unit_(microseconds_per_unit(instance)), instance_(chosen(instance, plan)), plan_(plan) {
    plan_.makespan *= unit_;
    for (std::size_t client = 0; client < plan_.choice.size(); ++client) plan_.choice[client] = OptionIndex(client);
    for (PlannedBatch& planned : plan_.planned) {
      planned.forward_end *= unit_;
      planned.backward_end *= unit_;
    }
  }

  const Instance& instance() const { return instance_; }
  const FollowedPlan& plan() const { return plan_; }

 private:
  Instance chosen(const Instance& instance, const FollowedPlan& plan) const {
    InstanceBuilder builder;
    builder.set_time_unit(TimeUnit::kMicrosecond).set_switch_model(instance.switch_model());
    builder.reserve(instance.client_count(), instance.client_count());
    for (const HelperIndex helper : instance.helpers()) {
      builder.add_helper({instance.helper_id(helper), std::nullopt, instance.switch_cost(helper) * unit_});
    }
    for (const ClientIndex client : instance.clients()) {
      builder.add_client(instance.client_id(client));
      const OptionIndex option = plan.choice[client.value()];
      const OptionDurations durations = durations_of(instance, option);
      if (instance.is_local(option)) {
        builder.add_local_option({durations.local * unit_, 0, std::nullopt, std::nullopt});
      } else {
        builder.add_option({instance.helper(option), durations.release * unit_, durations.forward * unit_,
                            durations.client_forward * unit_, durations.client_backward * unit_,
                            durations.backward * unit_, durations.tail * unit_, 0, std::nullopt, std::nullopt});
      }
    }
    return builder.build();
  }

  Time unit_;
  Instance instance_;
  FollowedPlan plan_;
};

/// A number, or those of a device, that were not as assumed.
struct Candidate {
  CostlyNumber number;
  double difference = 0;  // of all its numbers together, without signs
};

class Search {
 public:
  Search(const Instance& instance, const FollowedPlan& plan, const Trace& trace, const CostlyNumberSettings& settings)
      : problem_(instance, plan),
        unit_(static_cast<double>(microseconds_per_unit(instance))),
        scale_(trace.time_scale) {
    on_tried_ = settings.on_tried;
    parameters_.layers = settings.layers;
    parameters_.preemptive = settings.preemptive;
    rule_ = trace.rule;
    read_measured(instance, plan, trace);
    for (const ClientIndex client : instance.clients()) add_client(client);
    for (const HelperIndex helper : instance.helpers()) add_helper(helper);
    const auto keep = static_cast<std::ptrdiff_t>(std::min(settings.most, candidates_.size()));
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const Candidate& left, const Candidate& right) { return left.difference > right.difference; });
    result_.left_out = candidates_.size() - static_cast<std::size_t>(keep);
    candidates_.erase(candidates_.begin() + keep, candidates_.end());
  }

  CostlyNumbers run() {
    const auto executed = makespan_with(nullptr);
    result_.executed = executed;
    std::size_t tried = 0;
    for (const Candidate& candidate : candidates_) {
      CostlyNumber number = candidate.number;
      number.cost = executed - makespan_with(&number);
      if (on_tried_) on_tried_(++tried, candidates_.size());
      if (number.cost > 0) (number.step ? result_.numbers : result_.devices).push_back(number);
    }
    for (std::vector<CostlyNumber>* numbers : {&result_.numbers, &result_.devices}) {
      std::stable_sort(numbers->begin(), numbers->end(),
                       [](const CostlyNumber& left, const CostlyNumber& right) { return left.cost > right.cost; });
    }
    return std::move(result_);
  }

 private:
  // Medians of the batches that a client did under the option that the plan chose; what no batch tells is as assumed.
  void read_measured(const Instance& instance, const FollowedPlan& plan, const Trace& trace) {
    for (const ClientIndex client : instance.clients()) {
      StepDurations assumed;
      for (const BatchStep step : kAllBatchSteps) {
        assumed[position(step)] = static_cast<double>(assumed_duration(instance, plan.choice[client.value()], step));
      }
      assumed_.push_back(assumed);
    }
    measured_ = assumed_;
    for (const MeasuredDuration& duration :
         measured_durations(observed_batches(instance, trace, plan.choice).batches)) {
      if (duration.option != plan.choice[duration.client.value()]) continue;
      measured_[duration.client.value()][position(duration.step)] = duration.median;
    }
  }

  void add(Candidate candidate) {
    if (candidate.difference > 0) candidates_.push_back(candidate);
  }

  void count(ClientIndex client, BatchStep step, Candidate& candidate) const {
    const double assumed = *assumed_[client.value()][position(step)];
    const double measured = *measured_[client.value()][position(step)];
    candidate.number.assumed += assumed;
    candidate.number.measured += measured;
    candidate.difference += std::abs(measured - assumed);
  }

  void add_client(ClientIndex client) {
    Candidate device;
    device.number.client = client;
    for (const BatchStep step : kAllBatchSteps) {
      Candidate single;
      single.number.client = client;
      single.number.step = step;
      count(client, step, single);
      add(single);
      if (!is_on_helper(step)) count(client, step, device);
    }
    add(device);
  }

  void add_helper(HelperIndex helper) {
    Candidate device;
    device.number.helper = helper;
    for (const ClientIndex client : problem_.instance().clients()) {
      if (problem_.instance().helper(OptionIndex(client.value())) != helper) continue;
      count(client, BatchStep::kForward, device);
      count(client, BatchStep::kBackward, device);
    }
    add(device);
  }

  bool is_put_right(const CostlyNumber& number, ClientIndex client, BatchStep step) const {
    if (number.step) return number.client == client && *number.step == step;
    if (!number.client.is_none()) return number.client == client && !is_on_helper(step);
    return is_on_helper(step) && problem_.instance().helper(OptionIndex(client.value())) == number.helper;
  }

  // In microseconds of the trace; `right` is as assumed, everything else as measured.
  Time makespan_with(const CostlyNumber* right) const {
    const auto duration = [&](ClientIndex client, BatchStep step) {
      const bool assumed = right != nullptr && is_put_right(*right, client, step);
      const double units = *(assumed ? assumed_ : measured_)[client.value()][position(step)];
      return static_cast<Time>(std::llround(units * unit_));
    };
    const Instance executed =
        retimed_instance(problem_.instance(), [&](ClientIndex client, OptionIndex) -> OptionDurations {
          // Of a turnaround only the sum counts.
          return {duration(client, BatchStep::kLocal),
                  duration(client, BatchStep::kRelease),
                  duration(client, BatchStep::kForward),
                  duration(client, BatchStep::kTurnaround),
                  0,
                  duration(client, BatchStep::kBackward),
                  duration(client, BatchStep::kTail)};
        });
    const Time makespan = simulated_trace(executed, problem_.plan(), parameters_, rule_, 0).makespan();
    return std::llround(static_cast<double>(makespan) * scale_);
  }

  ChosenProblem problem_;
  double unit_;   // microseconds in one unit of the instance
  double scale_;  // of the trace
  SimulationParameters parameters_;
  ExecutionRule rule_ = ExecutionRule::kPlanned;
  std::vector<StepDurations> assumed_;  // by client
  std::vector<StepDurations> measured_;
  std::vector<Candidate> candidates_;
  std::function<void(std::size_t, std::size_t)> on_tried_;
  CostlyNumbers result_;
};

}  // namespace

CostlyNumbers costly_numbers(const Instance& instance, const FollowedPlan& plan, const Trace& trace,
                             const CostlyNumberSettings& settings) {
  return Search(instance, plan, trace, settings).run();
}

}  // namespace splitlane
