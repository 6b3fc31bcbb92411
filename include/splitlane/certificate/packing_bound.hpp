#pragma once

#include <cstdint>
#include <vector>

#include "splitlane/certificate/priced_row.hpp"
#include "splitlane/instance/index.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Bounds what one helper, or each of several equal ones, can take of the clients' values
/// (docs/how_it_works.md#set-partitioning). Equal helpers match as kept and dropped of kSymmetry do, as far as clients
/// of positive value are concerned; no others matter here.
///
/// Claim: no set of allowed options of one of `helpers`, at most one a client, that memory, windows and no-goods permit
/// has values adding up to more than `most`. `rows` (all of the first helper) with the common denominator `scale` give
/// the bound that prunes: scale * value(S) <= sum price * capacity + sum over S of reduced_o, where
/// reduced_o = scale * value - sum price * coefficient_o. The claim is checked by enumeration: clients by decreasing
/// best reduced_o (ties: lower client), each with its allowed options in order and then without; a branch ends when sum
/// price * capacity + sum of reduced over the chosen + sum of max(0, best reduced) over the clients to come
/// < scale * (most + 1), or value(chosen) + sum of values to come <= most, or when the chosen options exceed the
/// memory, overload a plain window, or contain as many options counted by a no-good as it has options.
///
/// With a `phase_unit` u the claim is checked without rows, by phases: options that another one of their client
/// dominates (plain service and demand) are left out, the others stand in the order of their forwards' deadlines
/// C - turnaround - backward - tail (ties: lower option). For each of them with backward work in turn, the enumeration
/// is about the sets whose first backward head is its own: it is chosen, and only options without backward work, or of
/// a later head (ties: place in the order), stand beside it; last, about the sets without backward work. Every such set
/// fulfils, with r and t the least release and tail of all:
///     r + forward work of the set up to j <= deadline of j, for every j with forward work;
///     head of the first + backward work of the set <= C - t.
/// A branch ends when the values of the chosen and the most that the options to come can add under these conditions,
/// all durations and both capacities divided by u and rounded down, do not exceed `most`; or when the chosen do not
/// fulfil them, or are not permitted as above.
struct PackingBound {
  std::vector<HelperIndex> helpers;
  std::int64_t most = 0;
  std::int64_t scale = 1;  ///< >= 1
  std::vector<PricedRow> rows;
  Time phase_unit = 0;  ///< 0: by rows
  bool operator==(const PackingBound&) const = default;
};

}  // namespace splitlane
