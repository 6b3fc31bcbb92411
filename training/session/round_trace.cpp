#include "training/session/round_trace.hpp"

namespace splitlane::training {

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
    traced.helper = instance.helper(plan.choice[client.value()]);
    traced.batches.resize(report.starts.size());
    for (std::size_t batch = 0; batch < report.starts.size(); ++batch) {
      traced.batches[batch].start = report.starts[batch] - result.origin;
      if (batch < report.completions.size()) {
        traced.batches[batch].completion = report.completions[batch] - result.origin;
      }
    }
    pace.add(report.pace);
  }

  const auto from_start = [&result](std::optional<Time> instant) {
    return instant ? std::optional<Time>(*instant - result.origin) : std::nullopt;
  };
  for (const HelperIndex helper : instance.helpers()) {
    const HelperReport& report = result.helpers[helper.value()];
    for (TraceSegment segment : report.segments) {
      segment.start -= result.origin;
      segment.end -= result.origin;
      if (segment.start < segment.end) trace.lanes[helper.value()].push_back(segment);
    }
    for (const HelperReport::Batch& batch : report.batches) {
      std::vector<BatchTimes>& batches = trace.clients[batch.client.value()].batches;
      if (batches.size() <= static_cast<std::size_t>(batch.batch)) continue;  // the client knows of none
      BatchTimes& times = batches[static_cast<std::size_t>(batch.batch)];
      times.release = from_start(batch.times.release);
      times.forward_end = from_start(batch.times.forward_end);
      times.backward_ready = from_start(batch.times.backward_ready);
      times.backward_end = from_start(batch.times.backward_end);
    }
    pace.add(report.pace);
  }
  if (emulated) {
    trace.pace_kept = pace.layers > 0 ? static_cast<double>(pace.kept) / static_cast<double>(pace.layers) : 1;
  }
  return trace;
}

}  // namespace splitlane::training
