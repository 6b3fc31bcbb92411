#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// The durations that a trace tells of a batch. A client's computing and its transfers are one: a trace has no instant
/// between them.
enum class BatchStep : std::uint8_t {
  kRelease,     ///< part-1 forward and upload
  kForward,     ///< on the helper, pauses left out
  kTurnaround,  ///< download, part-3 and upload: client_forward + client_backward
  kBackward,    ///< on the helper, pauses left out
  kTail,        ///< download and part-1 backward
  kLocal,       ///< the whole batch of a client that trains alone
};
inline constexpr std::size_t kBatchSteps = 6;
inline constexpr std::array<std::string_view, kBatchSteps> kBatchStepNames = {"release",  "forward", "turnaround",
                                                                              "backward", "tail",    "local"};
inline constexpr std::array<BatchStep, kBatchSteps> kAllBatchSteps = {BatchStep::kRelease,    BatchStep::kForward,
                                                                      BatchStep::kTurnaround, BatchStep::kBackward,
                                                                      BatchStep::kTail,       BatchStep::kLocal};

constexpr bool is_on_helper(BatchStep step) { return step == BatchStep::kForward || step == BatchStep::kBackward; }
/// What the instance says of the step; 0 where the option has no such step.
Time assumed_duration(const Instance& instance, OptionIndex option, BatchStep step);

/// By step, in the instance's time unit; absent where the batch did not get so far, or the option has no such step.
using StepDurations = std::array<std::optional<double>, kBatchSteps>;
constexpr std::size_t position(BatchStep step) { return static_cast<std::size_t>(step); }

/// What one batch of one client took.
struct ObservedBatch {
  ClientIndex client;
  OptionIndex option;
  std::int64_t batch = 0;
  StepDurations durations;
};

struct ObservedBatches {
  std::vector<ObservedBatch> batches;  ///< client after client, in order
  /// Batches that are left out, since the client has several options on its helper, and which of them it followed is
  /// not known.
  std::size_t unknown = 0;
};

/// What the trace tells of each batch, in the instance's unit: without its time scale, and without what a switch cost
/// that is charged adds. `choice` has each client's option by the plan that was followed; it may be empty, and does not
/// count for a client that was served elsewhere. The trace must be valid (check_trace). O((segments + batches) log).
ObservedBatches observed_batches(const Instance& instance, const Trace& trace, const std::vector<OptionIndex>& choice);

}  // namespace splitlane
