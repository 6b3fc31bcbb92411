#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/certificate/packing_bound.hpp"
#include "splitlane/certificate/priced_row.hpp"
#include "splitlane/instance/index.hpp"

namespace splitlane {

/// One step of the proof that no assignment has a plan with makespan <= C (docs/certificate_rules.md, rules T1 to T7).
/// The state is the set of allowed options of each client.
struct ProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf: some client has no option left, or at the prices of `rows` the cheapest options cost more than the rows
    /// have room for (rule T6; docs/how_it_works.md#certificates).
    kPrices,
    /// Leaf: `values` add up to more than the helpers can take (rule T7; docs/how_it_works.md#set-partitioning).
    kPackings,
    /// Two subtrees: the client takes one of `options`, or one of its others (rule T3).
    kSplit,
    /// One subtree: helpers `kept` and `dropped` are interchangeable, so the client need not be on `dropped` (rule T4).
    kSymmetry,
  };
  Kind kind = Kind::kPrices;
  std::vector<PricedRow> rows;         ///< kPrices
  std::vector<std::int64_t> values;    ///< kPackings
  std::vector<PackingBound> packings;  ///< kPackings
  ClientIndex client;                  ///< kSplit, kSymmetry
  std::vector<OptionIndex> options;    ///< kSplit: options of `client`
  HelperIndex kept, dropped;           ///< kSymmetry
  bool operator==(const ProofStep&) const = default;
};

}  // namespace splitlane
