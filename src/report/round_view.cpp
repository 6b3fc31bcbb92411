#include "report/round_view.hpp"

#include <algorithm>

#include "report/plan_view.hpp"
#include "report/saturating.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane::report {

namespace {

std::size_t place_of(Task task) { return task == Task::kForward ? 0 : 1; }

// In microseconds.
constexpr Time kLeastTolerance = 1000;
constexpr Time kTolerancePart = 100;

}  // namespace

bool is_late(Time due, Time end) { return end - due > std::max(kLeastTolerance, due / kTolerancePart); }

RoundView::RoundView(const Instance& instance, const Plan& plan, const Round* round, const Trace& trace)
    : instance_(instance),
      trace_(trace),
      scale_(static_cast<double>(microseconds_per_unit(instance)) * trace.time_scale),
      planned_(instance.helper_count()),
      ends_(instance.client_count()) {
  if (round == nullptr) {
    const PlanView view(instance, plan);
    for (const HelperIndex helper : instance.helpers()) {
      for (const Segment& segment : view.lane(helper)) {
        add(helper, {segment.client, 0, segment.task, segment.start, segment.end});
      }
    }
  } else if (round->way == RoundWay::kBarrier) {
    add_phases(*round);
  } else {
    for (const HelperIndex helper : instance.helpers()) {
      for (const BatchSegment& segment : round->lanes[helper.value()]) {
        add(helper, {segment.client, segment.batch - 1, segment.task, segment.start, segment.end});
      }
    }
  }
}

// A helper that a phase does not list runs as in the phase before.
void RoundView::add_phases(const Round& round) {
  std::vector<const std::vector<Segment>*> lanes(instance_.helper_count(), nullptr);
  Time start = 0;
  for (const RoundPhase& phase : round.phases) {
    for (const RoundPhase::PhaseLane& lane : phase.lanes) lanes[lane.helper.value()] = &lane.segments;
    for (std::int64_t batch = 0; batch < phase.batch_count; ++batch) {
      for (const HelperIndex helper : instance_.helpers()) {
        if (lanes[helper.value()] == nullptr) continue;
        for (const Segment& segment : *lanes[helper.value()]) {
          add(helper, {segment.client, phase.first_batch - 1 + batch, segment.task, start + segment.start,
                       start + segment.end});
        }
      }
      start += phase.makespan;
    }
  }
}

void RoundView::add(HelperIndex helper, TraceSegment segment) {
  segment.start = scaled_time(segment.start, scale_);
  segment.end = scaled_time(segment.end, scale_);
  planned_[helper.value()].push_back(segment);
  std::vector<TaskEnds>& ends = ends_[segment.client.value()];
  const auto batch = static_cast<std::size_t>(segment.batch);
  if (ends.size() <= batch) ends.resize(batch + 1, TaskEnds{0, 0});
  ends[batch][place_of(segment.task)] = std::max(ends[batch][place_of(segment.task)], segment.end);
  planned_end_ = std::max(planned_end_, segment.end);
}

std::optional<Time> RoundView::due(ClientIndex client, std::int64_t batch, Task task) const {
  const std::vector<TaskEnds>& ends = ends_[client.value()];
  if (batch < 0 || static_cast<std::size_t>(batch) >= ends.size()) return std::nullopt;
  const Time end = ends[static_cast<std::size_t>(batch)][place_of(task)];
  return end > 0 ? std::optional(end) : std::nullopt;
}

RoundLateness RoundView::lateness() const {
  RoundLateness result;
  for (const ClientIndex client : instance_.clients()) {
    const std::vector<BatchTimes>& batches = trace_.clients[client.value()].batches;
    for (std::size_t batch = 0; batch < ends_[client.value()].size(); ++batch) {
      for (const Task task : {Task::kForward, Task::kBackward}) {
        const auto number = static_cast<std::int64_t>(batch);
        const std::optional<Time> planned = due(client, number, task);
        if (!planned) continue;
        ++result.judged;
        if (batch >= batches.size()) continue;
        const std::optional<Time> end =
            task == Task::kForward ? batches[batch].forward_end : batches[batch].backward_end;
        if (!end || !is_late(*planned, *end)) continue;
        ++result.late;
        if (*end - *planned <= result.most) continue;
        result.most = *end - *planned;
        result.latest = {client, number, task, *planned, *end};
      }
    }
  }
  return result;
}

}  // namespace splitlane::report
