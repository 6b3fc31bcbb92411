#include "execution/execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane::execution_detail {

namespace {

using Stage = ClientProgress::Stage;

}  // namespace

Execution::Execution(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
                     const TrueTimes& times, ExecutionRule rule, Trace* trace)
    : instance_(instance), plan_(plan), parameters_(parameters), times_(times), rule_(rule), trace_(trace) {}

std::optional<ExecutionOutcome> Execution::run() {
  begin();
  if (!advance_through_events()) return std::nullopt;
  return outcome();
}

void Execution::begin() {
  lanes_.reserve(instance_.helper_count());
  for (const HelperIndex helper : instance_.helpers()) {
    SwitchRule rule = switch_rule_of(instance_, helper);
    rule.cost *= times_.scale();
    // A pause that the plan does not make costs one restart of the newcomer and one of the paused task.
    const LaneSettings settings{rule_, parameters_.preemptive, 2 * rule.cost, rule.run_delay()};
    lanes_.emplace_back(*this, helper, rule, settings, parameters_.layers);
  }
  helper_lost_.assign(instance_.helper_count(), false);
  clients_.resize(instance_.client_count());
  if (trace_ != nullptr) {
    trace_->rule = rule_;
    trace_->lanes.resize(instance_.helper_count());
    trace_->clients.resize(instance_.client_count());
  }
  for (const ClientIndex client : instance_.clients()) {
    ClientProgress& progress = clients_[client.value()];
    progress.option = plan_.choice[client.value()];
    if (!instance_.is_local(progress.option)) progress.slot = lane(client).add_client(client);
    begin_batch(client, 0);
  }
}

SimulatedLane& Execution::lane(ClientIndex client) {
  return lanes_[instance_.helper(clients_[client.value()].option).value()];
}

bool Execution::advance_through_events() {
  std::vector<Loss> losses = parameters_.losses;
  for (Loss& loss : losses) loss.time *= times_.scale();
  std::stable_sort(losses.begin(), losses.end(),
                   [](const Loss& left, const Loss& right) { return left.time < right.time; });
  const Time period = parameters_.replan ? parameters_.replan_every * times_.scale() : 0;
  Time regular = period > 0 ? period : kNever;
  Time in_force = kNever;  // when the plan that is being made is
  std::size_t next = 0;
  while (true) {
    const Time loss = next < losses.size() ? losses[next].time : kNever;
    const Time now = std::min({loss, in_force, regular});
    if (now == kNever || (loss == kNever && over())) break;
    if (!advance(now)) return false;
    if (now == loss) {
      lose(losses[next], now);
      if (parameters_.replan && losses[next].node.client.is_none()) {
        in_force = std::min(in_force, now + parameters_.planning_us);
      }
      ++next;
    } else if (now == in_force) {
      in_force = kNever;
      plan_again(now);
    } else {
      regular += period;
      if (late_since_planning_) in_force = std::min(in_force, now + parameters_.planning_us);
    }
  }
  return advance(kNever);
}

bool Execution::over() const {
  return std::all_of(clients_.begin(), clients_.end(), [](const ClientProgress& client) { return client.over(); });
}

// False when the execution was stopped from outside.
bool Execution::advance(Time until) {
  do {
    for (SimulatedLane& lane : lanes_) {
      if (parameters_.stop.reached()) return false;
      lane.advance(until);
    }
  } while (plan_.barrier && pass_barrier(until));
  return true;
}

// Where all have completed the batch by `until`, the next one begins.
bool Execution::pass_barrier(Time until) {
  bool one_waits = false;
  Time end = barrier_;
  for (const ClientProgress& client : clients_) {
    if (client.in_batch()) return false;
    one_waits = one_waits || client.stage == Stage::kWaits;
    end = std::max(end, client.completion);
  }
  if (!one_waits || end > until) return false;
  barrier_ = end;
  for (const ClientIndex client : instance_.clients()) {
    ClientProgress& progress = clients_[client.value()];
    if (progress.stage != Stage::kWaits) continue;
    ++progress.batch;
    begin_batch(client, end);
  }
  return true;
}

void Execution::begin_batch(ClientIndex client, Time start) {
  ClientProgress& progress = clients_[client.value()];
  progress.start = start;
  if (instance_.is_local(progress.option) && !plan_.barrier) {
    progress.stage = Stage::kLocal;
    return;
  }
  progress.durations = times_.batch(client, progress.batch, progress.option);
  BatchTimes* times = batch_times(client);
  if (times != nullptr) {
    *times = BatchTimes();
    times->start = start;
  }
  if (instance_.is_local(progress.option)) {
    progress.completion = start + progress.durations.local;
    if (times != nullptr) times->completion = progress.completion;
    progress.stage = progress.batch + 1 < plan_.batches[client.value()] ? Stage::kWaits : Stage::kDone;
    return;
  }
  progress.stage = Stage::kSends;
  progress.ready = start + progress.durations.release;
  if (times != nullptr) times->release = progress.ready;
  lane(client).expect(progress.ready, progress.slot);
}

PlannedBatch Execution::planned(ClientIndex client, std::int64_t batch) const {
  Time scale = times_.scale();
  Time start = 0;
  PlannedBatch result;
  if (replanned_ && !replanned_client_[client.value()].is_none()) {
    result = replanned_->of(replanned_client_[client.value()], batch - replanned_batch_[client.value()]);
    scale = 1;
    start = replanned_at_;
  } else {
    result = plan_.of(client, batch);
  }
  result.forward_end = start + result.forward_end * scale;
  result.backward_end = start + result.backward_end * scale;
  return result;
}

ReadyTask Execution::ready_task(ClientIndex client, Time now) const {
  const ClientProgress& progress = clients_[client.value()];
  const OptionIndex option = progress.option;
  const bool forward = progress.stage == Stage::kForward;
  const PlannedBatch plan = planned(client, progress.batch);
  ReadyTask task;
  task.task = {0, progress.batch, forward ? Task::kForward : Task::kBackward};
  task.ready = now;
  task.planned_end = forward ? plan.forward_end : plan.backward_end;
  task.planned_pauses = forward ? plan.forward_pauses : plan.backward_pauses;
  Time tail = instance_.tail(option);
  if (forward) tail += instance_.turnaround(option) + instance_.backward(option);
  const std::int64_t batches_left = plan_.batches[client.value()] - progress.batch - 1;
  task.tail = tail * times_.scale();
  task.path = task.tail + batches_left * instance_.path(option) * times_.scale();
  return task;
}

void Execution::task_ended(ClientIndex client, Time end, Time nominal, Time planned_end, Time first_planned_end) {
  const ClientProgress& progress = clients_[client.value()];
  // A task without work takes no lane time, and no plan says when it ends.
  if (progress.work == 0) return;
  lane(client).measure(static_cast<double>(progress.work), static_cast<double>(nominal * times_.scale()));
  if (first_planned_end > 0) lateness_ = std::max(lateness_, end - first_planned_end * times_.scale());
  late_since_planning_ = late_since_planning_ || end > planned_end;
}

void Execution::forward_ended(ClientIndex client, Time end) {
  ClientProgress& progress = clients_[client.value()];
  const OptionIndex option = progress.option;
  task_ended(client, end, instance_.forward(option), planned(client, progress.batch).forward_end,
             plan_.of(client, progress.batch).forward_end);
  progress.own_time += static_cast<double>(progress.durations.release);
  progress.own_nominal += static_cast<double>(instance_.release(option) * times_.scale());
  progress.forward_end = end;
  progress.ready = end + progress.durations.client_forward + progress.durations.client_backward +
                   lane(client).rule().run_delay() * progress.runs;
  progress.stage = Stage::kTurnsAround;
  if (BatchTimes* times = batch_times(client)) {
    times->forward_end = end;
    times->backward_ready = progress.ready;
  }
  lane(client).expect(progress.ready, progress.slot);
}

void Execution::backward_ended(ClientIndex client, Time end) {
  ClientProgress& progress = clients_[client.value()];
  const OptionIndex option = progress.option;
  task_ended(client, end, instance_.backward(option), planned(client, progress.batch).backward_end,
             plan_.of(client, progress.batch).backward_end);
  progress.own_time += static_cast<double>(progress.durations.client_forward + progress.durations.client_backward);
  progress.own_nominal += static_cast<double>(instance_.turnaround(option) * times_.scale());
  progress.completion = end + progress.durations.tail + lane(client).rule().run_delay() * progress.runs;
  if (BatchTimes* times = batch_times(client)) {
    times->backward_end = end;
    times->completion = progress.completion;
  }
  if (progress.batch + 1 == plan_.batches[client.value()]) {
    progress.stage = Stage::kDone;
  } else if (plan_.barrier) {
    progress.stage = Stage::kWaits;
  } else {
    ++progress.batch;
    begin_batch(client, progress.completion);
  }
}

// All batches that are complete by `until`, from the one that the client is in.
void Execution::train_alone(ClientIndex client, Time until) {
  ClientProgress& progress = clients_[client.value()];
  for (; progress.batch < plan_.batches[client.value()]; ++progress.batch) {
    const Time end = progress.start + times_.batch(client, progress.batch, progress.option).local;
    if (BatchTimes* times = batch_times(client)) {
      *times = BatchTimes();
      times->start = progress.start;
      if (end <= until) times->completion = end;
    }
    if (end > until) return;
    progress.completion = end;
    progress.start = end;
  }
  progress.stage = Stage::kDone;
}

ExecutionOutcome Execution::outcome() {
  ExecutionOutcome result;
  for (const ClientIndex client : instance_.clients()) {
    ClientProgress& progress = clients_[client.value()];
    if (progress.stage == Stage::kLocal) train_alone(client, kNever);
    if (trace_ != nullptr) trace_->clients[client.value()].helper = instance_.helper(progress.option);
    if (progress.stage == Stage::kLost) {
      ++result.lost_clients;
    } else {
      result.makespan = std::max(result.makespan, progress.completion);
    }
  }
  if (result.makespan > kLargestNumber) {
    throw Error(ErrorCode::kOverflow, {"simulation", "an execution that lasts past 2^53 microseconds",
                                       fmt::format("{} us", result.makespan), "shorter durations and waits"});
  }
  result.lateness = lateness_;
  result.moved_clients = moved_;
  return result;
}

BatchTimes* Execution::batch_times(ClientIndex client) {
  if (trace_ == nullptr) return nullptr;
  std::vector<BatchTimes>& batches = trace_->clients[client.value()].batches;
  const auto batch = static_cast<std::size_t>(clients_[client.value()].batch);
  if (batches.size() <= batch) batches.resize(batch + 1);
  return &batches[batch];
}

void Execution::note(Time now, const char* kind, std::string_view node, std::string text) {
  if (trace_ != nullptr) trace_->events.push_back({now, kind, std::string(node), std::move(text)});
}

}  // namespace splitlane::execution_detail
