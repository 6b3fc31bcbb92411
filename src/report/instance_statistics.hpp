#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane::report {

/// Smallest, (lower) median and largest of a list; all 0 when it is empty.
struct Range {
  Time smallest = 0;
  Time median = 0;
  Time largest = 0;
};

/// O(n).
Range range_of(std::vector<Time> values);

/// Standard deviation over mean, both of the whole population; 0 when the mean is 0.
double coefficient_of_variation(const std::vector<Time>& values);

/// The helper whose memory holds the smallest share of what its possible clients would need together.
struct TightestHelper {
  HelperIndex helper;
  Megabytes capacity = 0;
  Megabytes demand = 0;
};

struct MemoryStatistics {
  Megabytes least_demand = 0;  ///< every client on its least demanding option (local options need none)
  Megabytes capacity = 0;      ///< of the helpers that have one
  std::size_t unbounded_helpers = 0;
  std::optional<TightestHelper> tightest;
  std::vector<ClientIndex> fit_nowhere;  ///< neither local nor any helper large enough
  bool has_demands = false;
};

struct InstanceStatistics {
  std::size_t edges = 0;  ///< client-helper pairs with at least one option
  std::size_t local_options = 0;
  std::size_t dominated_options = 0;  ///< another option of same client and helper is nowhere worse
  std::size_t zero_options = 0;       ///< all durations 0
  OptionIndex first_dominated;
  MemoryStatistics memory;
  double load_variation = 0;  ///< mean over clients: CV of the load over the helpers of a client
  double path_variation = 0;  ///< CV over clients of the shortest path
};

/// O(options log), memory O(helpers).
InstanceStatistics statistics_of(const Instance& instance);

}  // namespace splitlane::report
