#pragma once

#include "assignment/fit/exact_fit.hpp"

namespace splitlane::exact {

/// `fit::FitExactly`: whether memory can be packed, by the exact search for the makespan: each demand becomes as long a
/// forward task, and a helper with less memory than the largest gets a tail of the difference, so that its lane ends in
/// time exactly if its clients fit. Its set partitioning relaxation knows which sets fit together, over all helpers at
/// once.
fit::ExactFit fit_exactly(const fit::MemoryProblem& problem, const fit::Packing& start, int rounds,
                          const StopCondition& stop);

}  // namespace splitlane::exact
