#pragma once

#include <cstddef>

#include "base/stopped.hpp"

namespace splitlane {

/// For long loops of short steps: asks a stop condition once in so many of them, which costs nothing beside the steps.
class PacedStop {
 public:
  /// Of some 10 to 100 ns each, so that it is asked every tenth of a millisecond or so.
  static constexpr std::size_t kStepsPerQuestion = 4096;

  explicit PacedStop(const StopCondition& stop) : stop_(stop) {}

  /// `steps` more are done. Throws Stopped where the condition is asked and reached.
  void spend(std::size_t steps = 1) {
    if (steps < steps_left_) {
      steps_left_ -= steps;
      return;
    }
    steps_left_ = kStepsPerQuestion;
    throw_if_reached(stop_);
  }

 private:
  StopCondition stop_;
  std::size_t steps_left_ = kStepsPerQuestion;
};

}  // namespace splitlane
