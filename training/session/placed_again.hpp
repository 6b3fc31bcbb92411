#pragma once

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "training/aggregator/round_result.hpp"

namespace splitlane::training {

/// The plan without the helpers that are lost: every client that can stay with its helper stays. Each other one goes,
/// in the order of the instance, where it would end first, behind all that the helper has been given: to a helper that
/// lives and has the memory, or to itself where it has a local option. Helpers that the client is to avoid come last.
/// The planned ends of a client that was moved are those of this rule; the other clients keep theirs.
///
/// `plan` is what the clients follow now; the choice of a client that no helper has room for becomes none(), and so it
/// may be in `plan`. `elapsed` is the request's, in the instance's unit. O(clients x options + batches).
FollowedPlan placed_again(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request,
                          Time elapsed);

}  // namespace splitlane::training
