#pragma once

#include "assignment/fit/exact_fit.hpp"
#include "assignment/memory.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Completes an assignment in which some clients are none() because a greedy order left them no room, each by an option
/// with room or an ejection chain: a client on the wanted helper moves on, at most three moves deep. False when some
/// clients are still none(), which proves nothing. Asks `stop` between clients once it has tried much.
bool complete_by_chains(const Instance& instance, Assignment& choice, const StopCondition& stop);

/// The same at any price: where chains do not place everybody, by a search over all clients (fit::find_fit), which
/// proves infeasibility where it can. Returns true when anything had been none(). Raises kInfeasible with the reason,
/// or kNoneFound when `stop` or the effort of the search ends it before there is an assignment or a proof.
bool complete_assignment(const Instance& instance, Assignment& choice, fit::FitExactly fit_exactly,
                         const StopCondition& stop);

}  // namespace splitlane
