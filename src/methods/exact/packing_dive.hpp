#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "methods/exact/column_table.hpp"
#include "methods/exact/packing_relaxation.hpp"

namespace splitlane::exact {

/// Looks for whole sets that cover every client by diving: gives a helper the set of the largest share in the
/// relaxation's solution, solves again for what is left, and so on. Each dive breaks near ties differently.
class PackingDive {
 public:
  PackingDive(const ColumnTable& columns, PackingRelaxation& packings, std::uint64_t seed)
      : columns_(columns), packings_(packings), engine_(seed) {}

  /// One column per client (kNoColumn where it trains locally) whose helpers all end by `makespan`, to which the
  /// relaxation is set. At most so many dives; none when the relaxation itself cannot be solved, or does not fit.
  std::optional<Choice> cover(Time makespan, int dives, std::uint64_t pricing_limit);

 private:
  bool fix_most_whole(Domain& domain);
  void fix(Domain& domain, const std::vector<ColumnIndex>& set);

  const ColumnTable& columns_;
  PackingRelaxation& packings_;
  RandomEngine engine_;
  PerHelper<std::uint8_t> is_fixed_;  ///< by helper
};

}  // namespace splitlane::exact
