#pragma once

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"
#include "training/aggregator/aggregator_machine.hpp"

namespace splitlane::training {

/// What really happened in a round, by the reports of its nodes. `plan` is the round's first, `emulated` and
/// `time_scale` say how it ran. Of a client that did not finish the round there are events, and neither batches nor
/// segments; of an attempt that was given up the segments that ended before the new plan.
/// O((segments + batches) log segments).
Trace round_trace(const Instance& instance, const FollowedPlan& plan, const RoundResult& result, ExecutionRule rule,
                  bool emulated, double time_scale);

}  // namespace splitlane::training
