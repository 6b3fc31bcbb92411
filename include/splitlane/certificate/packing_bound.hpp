#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/certificate/priced_row.hpp"
#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Bounds what one helper, or each of several equal ones, can take of the clients' values
/// (docs/certificate_rules.md, rules P5 to P11; docs/how_it_works.md#set-partitioning): no set of allowed options of
/// one of `helpers`, at most one a client, that memory, windows and no-goods permit has values adding up to more than
/// `most`.
struct PackingBound {
  std::vector<HelperIndex> helpers;
  std::int64_t most = 0;
  std::int64_t scale = 1;       ///< the common denominator of the prices, >= 1
  std::vector<PricedRow> rows;  ///< all of the first helper; they shorten the check
  Time phase_unit = 0;          ///< of the tables that shorten the check by phases; 0: by rows
  bool operator==(const PackingBound&) const = default;
};

}  // namespace splitlane
