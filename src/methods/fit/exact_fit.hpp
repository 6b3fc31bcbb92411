#pragma once

#include <optional>

#include "methods/fit/memory_problem.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::fit {

/// Whether memory can be packed, by the exact search for the makespan: each demand becomes as long a forward task, and
/// a helper with less memory than the largest gets a tail of the difference, so that its lane ends in time exactly if
/// its clients fit. Its set partitioning relaxation knows which sets fit together, over all helpers at once.
struct ExactFit {
  enum class Outcome : std::uint8_t {
    kFits,
    kRefuted,  ///< proven: no packing exists
    kLimit,
  };
  Outcome outcome = Outcome::kLimit;
  Packing packing;  ///< with kFits
};

/// Starts from `start`, which need not fit. `rounds`: how often proof and search take turns, each time with twice the
/// effort.
ExactFit fit_exactly(const MemoryProblem& problem, const Packing& start, int rounds, const StopCondition& stop);

}  // namespace splitlane::fit
