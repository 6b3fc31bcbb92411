#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// An inequality that every plan with makespan <= C satisfies, and the price it has in a leaf: of the chosen options of
/// `helper` the coefficients add up to the capacity at most (docs/certificate_rules.md, rules R1 to R7;
/// docs/how_it_works.md#rows and #no-goods).
struct PricedRow {
  enum class Kind : std::uint8_t {
    kWindow,  ///< `heads` and `tails`: work of the helper between them
    kMemory,
    kNoGood,  ///< options at least as demanding as those of `no_good`
  };
  Kind kind = Kind::kWindow;
  HelperIndex helper;
  std::vector<Time> heads;
  std::vector<Time> tails;
  bool reachable = false;     ///< kWindow, kMemory: the capacity falls to what coefficients can add up to (rule R7)
  std::uint32_t no_good = 0;  ///< position in Certificate::no_goods
  std::int64_t price = 0;     ///< > 0
  bool operator==(const PricedRow&) const = default;
};

}  // namespace splitlane
