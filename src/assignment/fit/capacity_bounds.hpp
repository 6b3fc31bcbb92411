#pragma once

#include <optional>

#include "assignment/fit/memory_problem.hpp"
#include "splitlane/error.hpp"

namespace splitlane::fit {

/// Why no packing exists, where that can be counted. Either the clients' least demands are more than all helpers
/// together can be filled to (MemoryProblem::capacity, so parity and its like count), or, for some k, too many clients
/// ask for large parts: of a helper's memory at most k parts of more than 1 / (k + 1) can be had, and a client that
/// asks for x of it takes ceil((k + 1) x) - 1 of them (a dual feasible function: Fekete and Schepers 2001).
/// O(places).
std::optional<ErrorParts> counted_refutation(const MemoryProblem& problem);

}  // namespace splitlane::fit
