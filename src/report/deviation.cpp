#include "report/deviation.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace splitlane::report {

namespace {

// The helper that ran the batch's task; none() where no helper did.
HelperIndex helper_of(const Course& course, const ClientBatch& batch, Task task) {
  for (const std::size_t position : course.own_segments(batch)) {
    if (course.segments()[position].task == task) return course.helper_at(position);
  }
  return HelperIndex::none();
}

std::optional<Time> end_of(const BatchTimes& times, Task task) {
  return task == Task::kForward ? times.forward_end : times.backward_end;
}

void judge(const Course& planned, const Course& actual, ClientIndex client, Task task, Deviation& result) {
  const std::optional<Time> due = planned_end(planned, client, task);
  if (!due) return;
  ++result.judged;
  const bool has_batch = !actual.batches(client).empty();
  const std::optional<Time> end = has_batch ? end_of(actual.times({client, 0}), task) : std::nullopt;
  if (!end) {
    ++result.not_ended;
  } else if (*end > *due) {
    result.late.push_back({client, task, helper_of(actual, {client, 0}, task), *due, *end});
  }
}

bool is_complete(const Course& course, ClientIndex client) {
  const std::span<const BatchTimes> batches = course.batches(client);
  return !batches.empty() && batches.back().completion.has_value();
}

Time total(const std::vector<Step>& steps, StepKind kind) {
  Time sum = 0;
  for (const Step& step : steps) {
    if (step.kind == kind) sum += step.length();
  }
  return sum;
}

bool has_planned_length(StepKind kind) {
  return kind != StepKind::kSwitch && kind != StepKind::kIdle && kind != StepKind::kWaiting && kind != StepKind::kLost;
}

}  // namespace

std::optional<Time> planned_end(const Course& planned, ClientIndex client, Task task) {
  if (planned.batches(client).empty() || helper_of(planned, {client, 0}, task).is_none()) return std::nullopt;
  return end_of(planned.times({client, 0}), task);
}

Deviation deviation(const Course& planned, const Course& actual) {
  Deviation result;
  for (const ClientIndex client : planned.instance().clients()) {
    for (const Task task : {Task::kForward, Task::kBackward}) judge(planned, actual, client, task, result);
    if (!is_complete(actual, client)) result.incomplete.push_back(client);
    const HelperIndex from = planned.helper(client);
    const HelperIndex to = actual.helper(client);
    if (from != to) result.moved.push_back({client, from, to});
  }
  std::stable_sort(result.late.begin(), result.late.end(),
                   [](const LateTask& left, const LateTask& right) { return left.end < right.end; });
  for (const LateTask& task : result.late) {
    if (!result.latest || task.lateness() > result.latest->lateness()) result.latest = task;
  }
  return result;
}

std::vector<SlowStep> slow_steps(const Course& planned, const Course& actual, const std::vector<Step>& path) {
  std::map<std::tuple<ClientIndex, std::int64_t, StepKind>, SlowStep> slow;
  for (const Step& step : path) {
    const auto key = std::tuple(step.client, step.batch, step.kind);
    if (!has_planned_length(step.kind) || slow.contains(key)) continue;
    if (planned.batches(step.client).empty() || planned.helper(step.client) != actual.helper(step.client)) continue;
    const ClientBatch batch{step.client, step.batch};
    slow[key] = {step.kind, batch, actual.helper(step.client), total(planned.steps({step.client, 0}), step.kind),
                 total(actual.steps(batch), step.kind)};
  }
  std::vector<SlowStep> result;
  for (const auto& [key, step] : slow) {
    if (step.excess() > 0) result.push_back(step);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const SlowStep& left, const SlowStep& right) { return left.excess() > right.excess(); });
  return result;
}

}  // namespace splitlane::report
