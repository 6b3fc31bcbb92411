#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"

namespace splitlane::exact {

/// A pricing problem: the most valuable set of allowed columns, at most one a client, that one helper can serve.
struct PricingProblem {
  const Domain& domain;
  std::span<const std::int64_t> values;  ///< one per client, >= 0; clients of value 0 are left out
  std::int64_t known = 0;                ///< some set is worth this; only more valuable ones are looked for
  std::int64_t enough = 0;               ///< a set worth more than this need not be the most valuable one
  std::uint64_t node_limit = 0;          ///< as NodeBudget counts them
};

struct PricingAnswer {
  /// No set is worth more; exact when `complete`, else an upper bound.
  std::int64_t most = 0;
  bool complete = false;
  bool limited = false;                        ///< it gave up, rather than find enough
  std::vector<std::vector<ColumnIndex>> sets;  ///< feasible, each worth more than the one before
};

}  // namespace splitlane::exact
