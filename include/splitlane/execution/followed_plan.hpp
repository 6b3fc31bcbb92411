#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"

namespace splitlane {

/// What a plan says of one batch of one client, in the instance's time unit from the start of the round.
struct PlannedBatch {
  Time forward_end = 0;
  Time backward_end = 0;
  std::uint32_t forward_pauses = 0;  ///< how often forward is interrupted
  std::uint32_t backward_pauses = 0;
};

/// What helpers need of a plan, or of a round, to follow it: who serves whom, and when each task is planned to end.
/// 24 bytes a batch.
struct FollowedPlan {
  std::vector<OptionIndex> choice;
  BatchCounts batches;
  bool barrier = false;  ///< a batch starts when all clients have completed the one before
  Time makespan = 0;
  std::vector<std::size_t> first;     ///< where the batches of each client begin in `planned`; clients + 1 entries
  std::vector<PlannedBatch> planned;  ///< empty entries for clients that train alone

  const PlannedBatch& of(ClientIndex client, std::int64_t batch) const {
    return planned[first[client.value()] + static_cast<std::size_t>(batch)];
  }
};

/// Batches of all clients together up to which a round can be followed.
inline constexpr std::int64_t kMostFollowedBatches = 1'000'000;

/// The schedule must be that of a valid plan (check_plan). O(clients + segments).
FollowedPlan followed(const Instance& instance, const Schedule& schedule);
/// The round must be valid (check_round). Raises kUsage above kMostFollowedBatches, unless every client has one batch.
/// O(clients + batches + segments).
FollowedPlan followed(const Instance& instance, const Round& round);

}  // namespace splitlane
