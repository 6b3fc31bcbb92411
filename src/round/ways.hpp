#pragma once

#include <vector>

#include "base/paced_stop.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane::round_detail {

// The functions of splitlane/round/round.hpp of like names, for a plan and batches that were found in order before.
// `pace` is told of their steps, and may end them (Stopped).

Round barrier_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches, PacedStop& pace);
Round order_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches, PacedStop& pace);
Round priority_round(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches,
                     bool preemptive, PacedStop& pace);

/// Does not end early: on helpers that it has not come to when `stop` is reached, a client's batches count as one task
/// pair, which is quick and proves less.
Time bound_of_round(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches,
                    const StopCondition& stop);

}  // namespace splitlane::round_detail
