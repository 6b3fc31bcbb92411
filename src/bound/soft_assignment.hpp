#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/workers.hpp"
#include "bound/price_problem.hpp"
#include "bound/row_values.hpp"

namespace splitlane {

/// Every client spread over its options, the cheaper under the prices the more: share ~ exp(-sharpness cost / unit), as
/// in docs/how_it_works.md#a-million-clients, with the client's least cost under the first prices for unit. So the
/// loads are the slopes of a concave function of the prices, and their curvature is its curvature. One round is
/// O(options); sums are taken chunk by chunk, so that the number of threads does not change a bit of the result.
class SoftAssignment {
 public:
  SoftAssignment(const PriceProblem& problem, Workers& workers);

  /// Fixes the unit of each client's costs.
  void set_units(const RowValues& prices);

  /// Sums over the clients of the cheapest cost, and of a smooth approximation to it from below whose slopes are the
  /// loads.
  struct Costs {
    double least = 0;
    double smooth = 0;
  };
  /// Spreads the clients and adds up what the rows then carry.
  Costs spread(const RowValues& prices, double sharpness);
  const RowValues& loads() const { return loads_; }

  /// One share per option of the problem for the prices of the last call; those of a client add up to 1.
  std::vector<float> shares(double sharpness);
  /// For each option, its cost beyond the cheapest of its client.
  std::vector<float> regrets(const RowValues& prices);

  /// The curvature of the spread around the prices of the last call: how loads answer to prices. Taken from every n-th
  /// client, n such that about `wanted` options with a share take part.
  void sample_curvature(double sharpness, std::size_t wanted);
  /// result = -(d loads / d prices) * direction, a symmetric positive semidefinite map
  /// (docs/how_it_works.md#a-million-clients; a client with shares w and temperature T = least cost / sharpness
  /// contributes (diag(w) - w w') / T between the rows of its options).
  void apply_curvature(const RowValues& direction, RowValues& result);
  /// The diagonal of that map.
  void curvature_diagonal(RowValues& result);

 private:
  struct Sums {
    std::vector<double> cells;
    PerHelper<double> memory;
    Costs costs;
  };
  struct Sampled {
    PriceProblem::Option option;
    float share;
  };

  double cost(const PriceProblem::Option& option) const {
    return option.forward * cell_price_[option.forward_cell] + option.backward * cell_price_[option.backward_cell] +
           option.demand * memory_price_[option.helper];
  }
  Costs client_shares(ClientIndex client, double sharpness, std::vector<double>& shares) const;
  void add_up(std::size_t chunks, RowValues& loads);
  void clear_sums(Sums& sums) const;
  void apply_to_clients(std::size_t first, std::size_t last, Sums& sums) const;

  const PriceProblem& problem_;
  Workers& workers_;
  void set_prices(const RowValues& prices);

  PerClient<float> unit_;
  std::vector<double> cell_price_;
  PerHelper<double> memory_price_;
  std::vector<Sums> sums_;
  Sums total_;
  RowValues loads_;

  std::vector<Sampled> sampled_;
  std::vector<std::uint32_t> sampled_first_;
  std::vector<double> steepness_;  // 1 / temperature of each sampled client, times the stride
  double sampled_per_client_ = 0;  // in the last sample, over all clients it came by
};

}  // namespace splitlane
