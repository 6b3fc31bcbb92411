#pragma once

#include <string>

#include "report/trace_view.hpp"

namespace splitlane::report {

/// The figure of a trace beside its plan: per helper a lane as planned and a lane as it happened, and below them both
/// critical paths and the way of the client that completed last, planned and actual. Above some thousand segments the
/// helpers' lanes become shares. O(segments + clients).
std::string draw_trace(const TraceView& view);

}  // namespace splitlane::report
