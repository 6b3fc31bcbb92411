#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// A trace document: the trace, and the instance and plan that it says it belongs to. Empty texts are absent.
struct TraceDocument {
  Trace trace;
  std::string instance_name;
  std::string instance_sha256;  ///< lower-case hex
  TimeUnit time_unit = TimeUnit::kMillisecond;
  std::string plan_sha256;  ///< lower-case hex
};

/// Parses a trace document against its instance (docs/json.md#trace). Ids must exist there (kUnknownId), numbers must
/// be in range, `pace_kept` stands only in an emulated trace (kInconsistent). A client or helper that the document
/// leaves out has no batches and an empty lane, for `check_trace` to judge. O(document).
TraceDocument parse_trace(std::string_view bytes, const Instance& instance);

/// One client and one helper a line, fixed key order. The hashes are those of the instance's and the plan's file;
/// empty ones are left out. Raises kUsage for a trace of another instance, kOutOfRange for a number that the document
/// cannot hold.
std::string write_trace(const Instance& instance, const Trace& trace, std::string_view instance_sha256,
                        std::string_view plan_sha256);

}  // namespace splitlane
