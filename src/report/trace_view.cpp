#include "report/trace_view.hpp"

#include "report/critical_path.hpp"
#include "report/text.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane::report {

namespace {

double microseconds_in(const Instance& instance, const Trace& trace) {
  return static_cast<double>(microseconds_per_unit(instance)) * trace.time_scale;
}

}  // namespace

TraceView::TraceView(const PlanView& plan, const Trace& trace)
    : plan_(plan),
      trace_(trace),
      planned_(plan, microseconds_in(plan.instance(), trace)),
      actual_(plan.instance(), trace, planned_.scale()),
      deviation_(splitlane::report::deviation(planned_, actual_)),
      planned_path_(critical_path(planned_)),
      actual_path_(critical_path(actual_)) {}

std::optional<Time> TraceView::missed_end(const TraceSegment& segment) const {
  if (segment.batch != 0) return std::nullopt;
  const std::optional<Time> due = planned_end(planned_, segment.client, segment.task);
  return due && segment.end > *due ? due : std::nullopt;
}

std::string TraceView::number(Time microseconds) const { return decimal(static_cast<double>(microseconds) / scale()); }

std::string_view source_name(TraceSource source) {
  switch (source) {
    case TraceSource::kMeasured: return "measured";
    case TraceSource::kEmulated: return "emulated";
    case TraceSource::kSimulated: return "simulated";
  }
  return "";
}

}  // namespace splitlane::report
