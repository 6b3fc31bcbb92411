#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/certificate/packing_bound.hpp"
#include "splitlane/certificate/priced_row.hpp"
#include "splitlane/instance/index.hpp"

namespace splitlane {

/// One step of the proof that no assignment has a plan with makespan <= C. The state is the set of allowed options of
/// each client, at the root (the root options) those whose plain service has a path <= C (a local option: its time) and
/// whose demand fits the helper's memory.
struct ProofStep {
  enum class Kind : std::uint8_t {
    /// Leaf (docs/how_it_works.md#certificates): some client has no allowed option left, or sum over clients of min
    /// over its allowed options of sum price * coefficient > sum price * capacity. A local option costs 0.
    kPrices,
    /// Leaf (docs/how_it_works.md#set-partitioning): values (one per client, >= 0) with sum of values > sum over all
    /// helpers of the `most` of their packing bound; every helper with an allowed option of a client of positive value
    /// is in exactly one bound,
    /// no helper in two. A client with an allowed local option has value 0.
    kPackings,
    /// Two subtrees: the client takes one of `options`, or one of its others.
    kSplit,
    /// One subtree: helpers `kept` and `dropped` are interchangeable (same memory and switch cost; each client's
    /// allowed options on one match those on the other one to one, in order, with equal plain service and demand), so
    /// the client need not be on `dropped`.
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
