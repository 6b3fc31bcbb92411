#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "instance/per_index.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// Shortest completion under one option, switch costs included; the time itself for a local option.
Time option_path_bound(const Instance& instance, OptionIndex option);

/// The price bound (docs/how_it_works.md#certificates, C-free form) with one window per helper. For any weights
/// Lambda_i >= 0:
///   C >= (sum_j min_o Lambda load_o + sum_i Lambda_i (s_i + t_i)) / sum_i Lambda_i,
/// where load_o counts the tasks of option o with head >= s_i and tail >= t_i. Two corrections to the printed form:
/// options longer than the bound in hand are left out of the minimum only where that is proven to hold, and windows
/// with s_i + t_i above the bound in hand are shrunk, since an idle helper makes no demand on the makespan.
class PriceBound {
 public:
  explicit PriceBound(const Instance& instance);

  /// Looks for weights that lift `bound` (which must be valid) with the windows at these quantiles of the heads and
  /// tails of each helper's options; returns the better bound. Each round is O(options). Floating point only guides
  /// the weights; the returned bound is computed in integers.
  Time improve(Time bound, double head_quantile, double tail_quantile, int rounds, const StopCondition& stop);

 private:
  struct Window {
    Time head = 0;
    Time tail = 0;
  };
  struct Column {
    std::uint32_t place;  // in `helpers_`; kLocal for a local option
    Time load;
    Time path;
  };

  void place_windows(Time bound, double head_quantile, double tail_quantile);
  void fill_columns();
  double assign_softly(double sharpness, std::vector<double>& loads) const;
  Time exact_bound(std::span<const std::int64_t> weights, Time longest_path) const;
  std::vector<std::int64_t> integer_weights() const;
  Time lifted(Time bound) const;

  const Instance& instance_;
  std::vector<HelperIndex> helpers_;                  // those of some option, the others bound nothing
  std::vector<Column> columns_;                       // one per option
  std::vector<Window> windows_;                       // one per entry of `helpers_`
  std::vector<double> weights_;                       // the same, sum 1
  std::vector<std::vector<OptionIndex>> options_at_;  // the same
};

}  // namespace splitlane
