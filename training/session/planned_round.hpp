#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// The instance that a round is planned with, where that is not the training's own: with measured durations. Ids and
/// indices are the same.
struct MeasuredProblem {
  Instance instance;
  std::string text;  ///< its document
  std::string sha256;
  double planning_s = 0;  ///< that planning with it may take where the training's document sets no limit
};

/// What the nodes of a training follow in a round.
struct PlannedRound {
  std::shared_ptr<const MeasuredProblem> measured;  ///< nullptr: the training's own instance
  Plan plan;                                        ///< of one batch
  std::optional<Round> round;                       ///< of all batches, where a client has more than one
  FollowedPlan followed;
  /// The makespan that is to be expected under the training's rule, in microseconds without the emulation's time scale.
  Time predicted_us = 0;
  Time lower_bound_us = 0;
  std::string document;  ///< of the round, or of the plan where every client has one batch
  std::string document_sha256;

  const Instance& instance(const PreparedTraining& training) const {
    return measured ? measured->instance : training.instance;
  }
  const std::string& instance_sha256(const PreparedTraining& training) const {
    return measured ? measured->sha256 : training.instance_sha256;
  }
};

/// Plans one round of the training, as its document says: with its method, or with the paper's baseline, which draws a
/// helper for each client anew in every round; with `measured` durations where they are given. The prediction follows
/// the lanes layer by layer under the training's rule. Raises what `make_plan` and `make_round` raise, and kOverflow
/// for a round of more than 2^53 microseconds.
PlannedRound plan_round(const PreparedTraining& training, std::shared_ptr<const MeasuredProblem> measured,
                        std::int64_t round, const Watch& watch);

/// What the round takes under the training's rule where devices take longer than its plan says, in microseconds.
/// Without any it is what is predicted of it.
Time predicted_us(const PreparedTraining& training, const PlannedRound& planned, const std::vector<Straggler>& slowed);

}  // namespace splitlane::training
