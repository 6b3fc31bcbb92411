#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/aggregator/aggregator_node.hpp"
#include "training/emulation/emulated_fleet.hpp"
#include "training/session/planned_round.hpp"
#include "training/session/prepared_training.hpp"
#include "training/session/round_measurements.hpp"
#include "training/session/training_folder.hpp"
#include "training/session/training_run.hpp"

namespace splitlane::training {

/// What an aggregator does between the rounds of a training: plans them, and averages, evaluates and writes what came
/// back. One call at a time.
class RoundKeeper {
 public:
  RoundKeeper(const PreparedTraining& training, const TrainingRunSettings& settings, const TrainingFolder& folder);

  /// What an earlier start of this training measured in its rounds up to `completed`, as far as their files are there.
  void remember(std::int64_t completed);

  RoundOrders plan(const AttemptRequest& request);
  NetworkState conclude(RoundResult result);

  /// Rounds that were concluded here.
  std::int64_t concluded() const { return concluded_; }

 private:
  RoundSummary summary_of(const RoundResult& result, const Trace& trace) const;
  std::int64_t bytes_of(const RoundResult& result) const;
  void plan_anew(std::int64_t round);
  void begin_round(std::int64_t round);
  std::vector<std::string> tell_changes(const std::vector<DeviceChange>& changes, Trace& trace) const;

  const PreparedTraining& training_;
  const TrainingRunSettings& settings_;
  const TrainingFolder& folder_;
  std::optional<EmulatedFleet> fleet_;
  std::optional<PlannedRound> planned_;
  FollowedPlan followed_;  // what clients follow now: the plan, but for those that were moved
  RoundMeasurements measurements_;
  std::chrono::steady_clock::time_point round_began_;
  std::int64_t concluded_ = 0;
};

/// The average of the networks of those clients that finished, weighted by samples, in the order of the clients.
NetworkState average_of(std::vector<RoundResult::Share> shares);
/// Loss and accuracy of a network over all samples of the test set, which must be there (`has_test`).
Evaluation evaluated(const PreparedTraining& training, const NetworkState& network);

}  // namespace splitlane::training
