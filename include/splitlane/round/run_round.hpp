#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

/// Makes a round of a valid plan and holds it against the checker before the caller gets it. A plan that was made
/// without preemption gives a round without. Raises what `plan_round` raises, and kInternal when the round does not
/// pass.
Round run_round(const Instance& instance, const Plan& plan, const BatchCounts& batches, RoundParameters parameters);

}  // namespace splitlane
