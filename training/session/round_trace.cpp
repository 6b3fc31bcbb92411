#include "training/session/round_trace.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace splitlane::training {

namespace {

constexpr std::string_view kPlannedAgain = "planned-again";

// What was computed before a new plan moved the client. Where messages were still on the way when the plan was made, a
// layer may end after the client has begun again: no part of any batch that counts.
bool is_before_new_plan(const RoundResult& result, const TraceSegment& segment, Time begun_again) {
  return std::ranges::any_of(result.events, [&](const RoundEvent& event) {
    return event.kind == kPlannedAgain && segment.end <= event.instant && event.instant <= begun_again;
  });
}

void add_segments(const RoundResult& result, const RoundResult::Served& served, bool counts, Trace& trace) {
  const std::vector<Time>& starts = result.clients[served.report.client.value()].starts;
  for (TraceSegment segment : served.report.segments) {
    if (static_cast<std::size_t>(segment.batch) >= starts.size()) continue;  // the client knows of none
    if (!counts && !is_before_new_plan(result, segment, starts[static_cast<std::size_t>(segment.batch)])) continue;
    segment.start -= result.origin;
    segment.end -= result.origin;
    if (segment.start < segment.end) trace.lanes[served.helper.value()].push_back(segment);
  }
}

void add_times(const RoundResult& result, const HelperReport& report, std::vector<BatchTimes>& batches) {
  const auto from_start = [&result](std::optional<Time> instant) {
    return instant ? std::optional<Time>(*instant - result.origin) : std::nullopt;
  };
  for (std::size_t batch = 0; batch < std::min(batches.size(), report.batches.size()); ++batch) {
    const BatchTimes& reported = report.batches[batch];
    batches[batch].release = from_start(reported.release);
    batches[batch].forward_end = from_start(reported.forward_end);
    batches[batch].backward_ready = from_start(reported.backward_ready);
    batches[batch].backward_end = from_start(reported.backward_end);
  }
}

}  // namespace

Trace round_trace(const Instance& instance, const FollowedPlan& plan, const RoundResult& result, ExecutionRule rule,
                  bool emulated, double time_scale) {
  Trace trace;
  trace.source = emulated ? TraceSource::kEmulated : TraceSource::kMeasured;
  trace.time_scale = emulated ? time_scale : 1;
  trace.rule = rule;
  trace.lanes.resize(instance.helper_count());
  trace.clients.resize(instance.client_count());
  PaceCount pace;

  for (const ClientIndex client : instance.clients()) {
    ClientTrace& traced = trace.clients[client.value()];
    const ClientReport& report = result.clients[client.value()];
    const bool has_finished = result.has_finished(client);
    traced.helper = has_finished ? result.helpers[client.value()] : instance.helper(plan.choice[client.value()]);
    traced.batches.resize(report.starts.size());
    for (std::size_t batch = 0; batch < report.starts.size(); ++batch) {
      traced.batches[batch].start = report.starts[batch] - result.origin;
      if (batch < report.completions.size()) {
        traced.batches[batch].completion = report.completions[batch] - result.origin;
      }
    }
    pace.add(report.pace);
  }

  for (const RoundResult::Served& served : result.served) {
    if (!result.has_finished(served.report.client)) continue;  // only the client could say when its batches began
    const bool counts = served.report.attempt == result.clients[served.report.client.value()].attempt;
    add_segments(result, served, counts, trace);
    if (!counts) continue;
    add_times(result, served.report, trace.clients[served.report.client.value()].batches);
    pace.add(served.report.pace);
  }
  for (auto& lane : trace.lanes) {
    std::ranges::sort(lane, {}, [](const TraceSegment& segment) { return segment.start; });
  }
  for (const RoundEvent& event : result.events) {
    trace.events.push_back({std::max<Time>(event.instant - result.origin, 0), event.kind, event.node.id, event.text});
  }
  if (emulated) {
    trace.pace_kept = pace.layers > 0 ? static_cast<double>(pace.kept) / static_cast<double>(pace.layers) : 1;
  }
  return trace;
}

}  // namespace splitlane::training
