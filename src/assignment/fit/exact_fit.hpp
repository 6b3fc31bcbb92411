#pragma once

#include <cstdint>

#include "assignment/fit/memory_problem.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::fit {

/// The answer of an exact search to the question whether memory can be packed.
struct ExactFit {
  enum class Outcome : std::uint8_t {
    kFits,
    kRefuted,  ///< proven: no packing exists
    kLimit,
  };
  Outcome outcome = Outcome::kLimit;
  Packing packing;  ///< with kFits
};

/// An exact search for a packing: it starts from `start`, which need not fit, and proof and search take turns `rounds`
/// times, each time with twice the effort. The methods bring theirs, for it searches with all that they know.
using FitExactly = ExactFit (*)(const MemoryProblem& problem, const Packing& start, int rounds,
                                const StopCondition& stop);

}  // namespace splitlane::fit
