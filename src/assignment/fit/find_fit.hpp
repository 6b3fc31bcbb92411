#pragma once

#include "assignment/fit/exact_fit.hpp"
#include "assignment/fit/memory_problem.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::fit {

/// Completes an assignment some of whose clients are none(), at any price: the answer for all methods where their own
/// order, and short ejection chains, found clients no room. Decided clients keep their options where that leaves room
/// for everybody. Only permitted options are chosen; decided ones must be permitted.
///
/// Counted proofs first (counted_refutation); then local search on the overflow, the completion of helper after
/// helper, and `fit_exactly` take turns, each time with more effort. Efforts are counted, so that without `stop`
/// the same is found on every machine; in the end the search gives up.
///
/// Raises kInfeasible where it is proven that memory cannot be packed, else kNoneFound with how far it came.
void find_fit(const Instance& instance, const Permitted& permits, Assignment& choice, FitExactly fit_exactly,
              const StopCondition& stop);

}  // namespace splitlane::fit
