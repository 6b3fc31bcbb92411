#pragma once

#include <functional>

#include "splitlane/round/round.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::round_detail {

/// Looks at a round that is to be kept, whose bound and status are not filled in yet. Raises Error where something is
/// wrong with it; throws Stopped where the condition ended it, and the round is not kept.
using Examine = std::function<void(const Round&, const StopCondition&)>;

/// `plan_round`, with every round examined before it counts as the best so far.
Round plan_examined_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                          const RoundParameters& parameters, const Examine& examine);

}  // namespace splitlane::round_detail
