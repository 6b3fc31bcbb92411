#pragma once

#include <vector>

#include "base/workers.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/certificate.hpp"

namespace splitlane {

/// What one pass over the options proves.
struct PooledBound {
  Time lower_bound = 0;
  std::vector<PricedRow> rows;  ///< of the leaf that proves it; none where a client's shortest path alone does
};

/// The larger of two bounds, for when there is time for nothing else:
/// - the longest of the clients' shortest paths;
/// - with m helpers taken as one, and the least that each client asks of any helper: for a window (s, t), s + (work of
///   tasks with head >= s and tail >= t) / m + t. This is the price bound (docs/how_it_works.md#certificates) with one
///   and the same window and price for each helper. Each helper works a multiple of the loads' greatest common divisor,
///   so what clients of equal load need is counted in whole clients.
/// Two windows are tried: the one that holds everything, and the best one of the clients' least tasks (of a sample
/// where clients are many). O(options + clients); nothing cuts it short. Some 56 bytes a client.
PooledBound pooled_bound(const Instance& instance, Workers& workers);

}  // namespace splitlane
