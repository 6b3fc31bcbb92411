#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane {

/// Where the instants of a trace come from.
enum class TraceSource : std::uint8_t {
  kMeasured,   ///< real work, as fast as it went
  kEmulated,   ///< real work, held to the pace of profiles
  kSimulated,  ///< no work, a virtual clock
};

inline constexpr std::size_t kTraceSources = 3;

/// As documents spell them, in the order of TraceSource.
inline constexpr std::array<std::string_view, kTraceSources> kTraceSourceNames = {"measured", "emulated", "simulated"};
constexpr std::string_view trace_source_name(TraceSource source) {
  return kTraceSourceNames.at(static_cast<std::size_t>(source));
}

/// Which of the ready tasks a lane runs next.
enum class ExecutionRule : std::uint8_t {
  kPlanned,      ///< the earliest planned end first
  kFirstCome,    ///< the task that became ready first
  kLongestTail,  ///< the longest time that must follow within the batch
  kLongestPath,  ///< the longest time that must follow within the round
};
inline constexpr std::size_t kExecutionRules = 4;

/// As documents and the command line spell them, in the order of ExecutionRule.
inline constexpr std::array<std::string_view, kExecutionRules> kExecutionRuleNames = {"planned", "first-come",
                                                                                      "longest-tail", "longest-path"};
constexpr std::string_view execution_rule_name(ExecutionRule rule) {
  return kExecutionRuleNames.at(static_cast<std::size_t>(rule));
}

/// One uninterrupted stretch of a helper's lane, [start, end), in microseconds from the start of the round.
struct TraceSegment {
  ClientIndex client;
  std::int64_t batch = 0;  ///< from 0
  Task task = Task::kForward;
  Time start = 0;
  Time end = 0;
  bool operator==(const TraceSegment&) const = default;
};

/// What one batch of one client went through, in microseconds from the start of the round. An instant that the batch
/// did not reach (its client was lost, or the training ended) is absent; a local batch has `start` and `completion`.
struct BatchTimes {
  std::optional<Time> start;           ///< the client began part-1 forward
  std::optional<Time> release;         ///< the activations are all at the helper
  std::optional<Time> forward_end;     ///< the helper ended forward
  std::optional<Time> backward_ready;  ///< the gradients are all at the helper
  std::optional<Time> backward_end;    ///< the helper ended backward
  std::optional<Time> completion;      ///< the client ended part-1 backward
  bool operator==(const BatchTimes&) const = default;
};

/// One client's batches, in order. `helper` is the one that served it last; none() for a local client.
struct ClientTrace {
  HelperIndex helper = HelperIndex::none();
  std::vector<BatchTimes> batches;
  bool operator==(const ClientTrace&) const = default;
};

/// Something that happened beside the plan.
struct TraceEvent {
  Time time = 0;
  std::string kind;  ///< `lost`, `joined`, `planned-again`, `refused`, `late`, ...
  std::string node;  ///< id of a client or helper, or empty
  std::string text;
  bool operator==(const TraceEvent&) const = default;
};

/// What really happened when a plan was followed: `lanes` has one entry per helper, `clients` one per client of the
/// instance, `events` are in order of time.
struct Trace {
  TraceSource source = TraceSource::kSimulated;
  /// Emulated or simulated time over the instance's; 1 otherwise.
  double time_scale = 1;
  std::optional<double> pace_kept;  ///< only emulated: the share of layers that ended when the profile says
  ExecutionRule rule = ExecutionRule::kPlanned;
  std::vector<std::vector<TraceSegment>> lanes;
  std::vector<ClientTrace> clients;
  std::vector<TraceEvent> events;
  std::string note;  ///< what stands in its document's `meta`, the text of a JSON object; empty: nothing
  bool operator==(const Trace&) const = default;

  /// The latest completion of any batch; 0 where none was completed.
  Time makespan() const;
};

}  // namespace splitlane
