#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// Everything wrong with a trace; valid means nothing is.
struct TraceReport {
  std::vector<std::string> violations;  ///< the first `kListed`: who, what, and the two numbers that disagree
  std::size_t count = 0;                ///< all of them
  Time makespan = 0;                    ///< the latest completion, in microseconds
  static constexpr std::size_t kListed = 20;

  bool valid() const { return count == 0; }
};

/// Holds a trace against its plan and against what every execution must satisfy. Shares no code with execution/.
///
/// A trace is valid when:
/// 1. It has a lane for each helper and an entry for each client of the instance; events are in order of time.
/// 2. The segments of a helper are not empty, are in order of time and do not overlap.
/// 3. A client is served where the plan says, or does the whole batch itself where the plan says `local`; on another
///    helper only from the first event `planned-again` on.
/// 4. The instants of a batch do not decrease in the order start, release, forward_end, backward_ready, backward_end,
///    completion, and none is there without those before it (of a local batch: start and completion; where the client
///    was planned again between two batches, one may be local and the other not). A batch starts no earlier than the
///    one before it completed, and only the last one of a client may be incomplete.
/// 5. The forward segments of a batch lie between its release and its forward_end, the backward segments between its
///    backward_ready and its backward_end, all on one helper, and the last one ends there. A task without segments ends
///    when it is ready, and does so only where the option has no such work. A task whose end is absent may have begun.
/// 6. A segment from before the start of its batch belongs to an attempt that was given up. Between its end and that
///    start an event must stand that ended the attempt: `lost` with its helper as the node, or `planned-again`, since a
///    new plan may move a client off a helper that still lives; the client then begins its batch again.
///
/// Durations are not compared with the plan's: what differs is what a trace is for. Never throws on a wrong trace.
/// O((segments + clients + batches) log events).
TraceReport check_trace(const Instance& instance, const Plan& plan, const Trace& trace);
/// The same of a plan or round of which only each client's option is told; none() where it has none.
TraceReport check_trace(const Instance& instance, const std::vector<OptionIndex>& choice, const Trace& trace);

}  // namespace splitlane
