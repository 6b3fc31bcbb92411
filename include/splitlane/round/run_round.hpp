#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

/// Makes a round of a valid plan; each that is better than those before is held against the checker at once, so that
/// limit and flag always find one that has passed. A plan that was made without preemption gives a round without.
/// Raises what `plan_round` raises, and kInternal when a round does not pass.
Round run_round(const Instance& instance, const Plan& plan, const BatchCounts& batches, RoundParameters parameters);

}  // namespace splitlane
