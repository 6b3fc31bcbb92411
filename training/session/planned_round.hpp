#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "training/session/prepared_training.hpp"

namespace splitlane::training {

/// What the nodes of a training follow in a round.
struct PlannedRound {
  Plan plan;                   ///< of one batch
  std::optional<Round> round;  ///< of all batches, where a client has more than one
  FollowedPlan followed;
  /// The makespan that is to be expected under the training's rule, in microseconds without the emulation's time scale.
  Time predicted_us = 0;
  Time lower_bound_us = 0;
  std::string document;  ///< of the round, or of the plan where every client has one batch
  std::string document_sha256;
};

/// Plans one round of the training, as its document says: with its method, or with the paper's baseline, which draws a
/// helper for each client anew in every round. The prediction follows the lanes layer by layer under the training's
/// rule. Raises what `make_plan` and `make_round` raise.
PlannedRound plan_round(const PreparedTraining& training, std::int64_t round, const Watch& watch);

}  // namespace splitlane::training
