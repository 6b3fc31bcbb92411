#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace splitlane::admm {

/// What the integer programs of one iteration may cost together. It is counted in nodes of their search trees times
/// columns, so it ends the search at the same point on every machine, and the method ends without a time limit.
class ProgramBudget {
 public:
  /// Columns of a program that is solved at all: the library's first look at a larger one alone can take longer than
  /// there is time, and cannot be cut short.
  static constexpr std::size_t kLargestProgram = 20'000;

  /// Nodes that a program of so many columns may take; 0: it is too large, or nothing is left.
  std::int64_t nodes_for(std::size_t columns) const {
    if (columns > kLargestProgram || left_ <= 0) return 0;
    return std::max<std::int64_t>(1, left_ / cost(columns));
  }

  void spend(std::size_t columns, std::int64_t nodes) { left_ -= cost(columns) * (kNodesOfStart + nodes); }

 private:
  static std::int64_t cost(std::size_t columns) { return static_cast<std::int64_t>(columns) + 1; }

  static constexpr std::int64_t kWork = 2'000'000;
  static constexpr std::int64_t kNodesOfStart = 20;  // presolve, the first linear program, its cuts and heuristics

  std::int64_t left_ = kWork;
};

}  // namespace splitlane::admm
