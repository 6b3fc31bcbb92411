#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/plan/segment.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane::report {

/// What a client does, or what the critical path runs through.
enum class StepKind : std::uint8_t {
  kRelease,
  kForward,
  kTurnaround,
  kBackward,
  kTail,
  kLocal,
  kSwitch,   ///< only of a critical path: the helper switches to `client`
  kIdle,     ///< only of a critical path: nothing happens, although `client` could go on
  kWaiting,  ///< only of a client: its task is ready and does not run
  kLost,     ///< only of a trace: an attempt on a lost helper, and the time until the batch begins again
};

inline constexpr std::size_t kStepKinds = 10;

/// "release", "forward", ..., as figures and pages spell them.
std::string_view step_name(StepKind kind);

/// One part of a client's way through its batch, or of the critical path.
struct Step {
  StepKind kind = StepKind::kIdle;
  ClientIndex client;
  Time start = 0;
  Time end = 0;
  std::int64_t batch = 0;  ///< from 0
  Time length() const { return end - start; }
  bool operator==(const Step&) const = default;
};

/// Collects the steps of one batch of one client in order of time. Empty steps are left out.
class StepCollector {
 public:
  StepCollector(ClientIndex client, std::int64_t batch) : client_(client), batch_(batch) {}

  /// `segments` are the batch's own, in order of time. Waiting stands before each segment that starts later than it
  /// could; what the batch did not reach is left out.
  template <class Segments>
  std::vector<Step> collect(const BatchTimes& times, const Segments& segments) && {
    if (!times.release) {
      add(StepKind::kLocal, times.start, times.completion);
      return steps_;
    }
    add(StepKind::kRelease, times.start, times.release);
    add_task(segments, Task::kForward, times.release);
    add(StepKind::kTurnaround, times.forward_end, times.backward_ready);
    add_task(segments, Task::kBackward, times.backward_ready);
    add(StepKind::kTail, times.backward_end, times.completion);
    return steps_;
  }

 private:
  void add(StepKind kind, std::optional<Time> start, std::optional<Time> end) {
    if (start && end && *start < *end) steps_.push_back({kind, client_, *start, *end, batch_});
  }

  template <class Segments>
  void add_task(const Segments& segments, Task task, std::optional<Time> ready) {
    for (const auto& segment : segments) {
      if (segment.task != task) continue;
      add(StepKind::kWaiting, ready, segment.start);
      add(task == Task::kForward ? StepKind::kForward : StepKind::kBackward, segment.start, segment.end);
      ready = segment.end;
    }
  }

  ClientIndex client_;
  std::int64_t batch_;
  std::vector<Step> steps_;
};

}  // namespace splitlane::report
