#pragma once

#include <string>
#include <vector>

#include "report/plan_view.hpp"
#include "report/trace_view.hpp"

namespace splitlane::report {

/// What the report page draws, as one JSON document in columns: the instance's ids once, and each plan (all of the same
/// instance) with an entry per client, helper, segment and step of its critical path. Times are integers of the
/// instance's unit. `trace` (or null) is an execution of the first
/// plan, in microseconds. Only the page of the same version reads it (`report-page/src/data.ts` says what is in it). No
/// "<" occurs in it, so that no id can end the script element that holds it. O(clients + batches + helpers + segments).
std::string page_data(const std::vector<const PlanView*>& views, const TraceView* trace);

}  // namespace splitlane::report
