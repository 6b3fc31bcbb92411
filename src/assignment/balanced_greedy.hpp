#pragma once

#include "assignment/memory.hpp"

namespace splitlane {

/// The assignment of balanced-greedy (paper, Sec. VI): each client in order goes to the helper with memory left that
/// serves the fewest clients so far, ties to the lowest index; of several options on that helper the shortest path is
/// taken. A local option is taken only when no helper has room (the paper has none); a client with neither stays
/// none(). O(options).
Assignment assign_balanced_greedy(const Instance& instance);

}  // namespace splitlane
