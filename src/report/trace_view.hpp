#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/course.hpp"
#include "report/deviation.hpp"
#include "report/plan_view.hpp"
#include "report/step.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane::report {

/// A trace beside its plan, both in microseconds of the trace, and how they differ. Keeps references to view and trace.
/// O(clients + batches + segments log) to build.
class TraceView {
 public:
  TraceView(const PlanView& plan, const Trace& trace);

  const PlanView& plan() const { return plan_; }
  const Instance& instance() const { return plan_.instance(); }
  const Trace& trace() const { return trace_; }
  const Course& planned() const { return planned_; }
  const Course& actual() const { return actual_; }
  const Deviation& deviation() const { return deviation_; }
  const std::vector<Step>& planned_path() const { return planned_path_; }
  const std::vector<Step>& actual_path() const { return actual_path_; }

  /// The planned end of the segment's task where the segment, an actual one, ends later.
  std::optional<Time> missed_end(const TraceSegment& segment) const;

  /// Microseconds of the trace in one unit of the instance.
  double scale() const { return planned_.scale(); }
  /// In the instance's unit, without its name: "141.25".
  std::string number(Time microseconds) const;

 private:
  const PlanView& plan_;
  const Trace& trace_;
  Course planned_;
  Course actual_;
  Deviation deviation_;
  std::vector<Step> planned_path_;
  std::vector<Step> actual_path_;
};

/// "measured", "emulated" or "simulated".
std::string_view source_name(TraceSource source);

}  // namespace splitlane::report
