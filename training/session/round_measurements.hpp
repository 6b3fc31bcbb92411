#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "splitlane/observation/duration_estimator.hpp"
#include "splitlane/plan/trace.hpp"
#include "training/session/planned_round.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// What the rounds of a training took, and what the next one is to be planned with. Keeps a reference to the training.
class RoundMeasurements {
 public:
  explicit RoundMeasurements(const PreparedTraining& training);

  /// Takes in what happened in a round whose clients had these options; rounds in order. Returns the devices that take
  /// another time than what was told of them before.
  std::vector<DeviceChange> take_in(std::int64_t round, const Trace& trace, const std::vector<OptionIndex>& choice);

  /// Whether the durations that a round was planned with are not those that were measured.
  bool outdate(const PlannedRound& planned) const;
  /// With what to plan: nullptr, the training's own instance, where nothing differs noticeably from it.
  std::shared_ptr<const MeasuredProblem> problem() const;

 private:
  const PreparedTraining& training_;
  DurationEstimator estimator_;
  Time makespan_ = 0;     // of the last round, in the instance's unit
  Time makespan_us_ = 0;  // and in microseconds of this machine
};

}  // namespace splitlane::training
