#pragma once

#include <cstdint>
#include <limits>

#include "execution/true_times.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane::execution_detail {

inline constexpr Time kNever = std::numeric_limits<Time>::max() / 4;

/// Where one client stands in an execution; all times in microseconds.
struct ClientProgress {
  enum class Stage : std::uint8_t {
    kLocal,        ///< trains alone from `start` on; looked at when the execution is over
    kSends,        ///< part-1 forward and the upload, until `ready`
    kForward,      ///< its forward waits or runs
    kTurnsAround,  ///< part-3 and the transfers around it, until `ready`
    kBackward,     ///< its backward waits or runs
    kDone,         ///< all batches have left the helper; the last is complete at `completion`
    kWaits,        ///< for the barrier; its batch is complete at `completion`
    kLost,         ///< it does not go on; what it completed was complete at `completion`
  };
  OptionIndex option;
  std::uint32_t slot = 0;  ///< its number on its helper's lane
  Stage stage = Stage::kSends;
  std::int64_t batch = 0;  ///< from 0
  Time start = 0;          ///< of the batch
  Time ready = 0;          ///< of the task that is next or now on the lane
  Time forward_end = 0;
  Time completion = 0;  ///< of the batch before `batch`, or of the last; 0 before the first
  Time work = 0;        ///< lane time of the task that is now on the lane
  Time work_done = 0;
  Time runs = 0;  ///< of that task
  BatchDurations durations;
  // What its own devices and link took so far, and what they were said to take.
  double own_time = 0;
  double own_nominal = 0;

  bool in_batch() const {
    return stage == Stage::kSends || stage == Stage::kForward || stage == Stage::kTurnsAround ||
           stage == Stage::kBackward;
  }
  bool over() const { return stage == Stage::kDone || stage == Stage::kLost || stage == Stage::kLocal; }
};

}  // namespace splitlane::execution_detail
