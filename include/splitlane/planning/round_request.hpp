#pragma once

#include "splitlane/plan/round.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

/// A round of many batches that is wanted.
struct RoundRequest {
  RoundMode mode = RoundMode::kBest;
  RunSettings run = {};      ///< the time limit is of making and checking rounds, bound and assignment; no seed
  bool is_written = false;   ///< the time limit covers writing the document too
  Plan plan = {};            ///< from `plan_for_round`
  BatchCounts batches = {};  ///< by client
};

/// What arguments of `round_options` ask for, without plan and batches. Raises kUsage.
RoundRequest read_round_request(const Arguments& arguments);

/// Makes the round and holds it against the checker. Raises what `run_round` raises.
Round make_round(const Instance& instance, const RoundRequest& request, const Watch& watch);

}  // namespace splitlane
