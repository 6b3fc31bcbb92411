#pragma once

#include <cstddef>
#include <vector>

#include "base/workers.hpp"
#include "bound/price_problem.hpp"
#include "bound/soft_assignment.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Finds row prices that make the price bound large (the dual of PriceProblem), by a Newton method on the soft assignment
/// of THEORY 2.7 with a barrier for prices near 0; sharpness rises and barrier falls geometrically from round to round.
///
/// THEORY 2.7 moves each price by the load of its own helper alone (tatonnement), so on local graphs a surplus travels
/// one neighbourhood a round. Here all prices move together: the curvature of the soft assignment is a weighted
/// Laplacian of the graph of helpers (who shares clients with whom), so solving with it is a diffusion of prices along
/// that graph taken to its end. It is solved by conjugate gradients on a sample of the clients, whose steps cost far
/// less than a round over all options.
class PriceAscent {
 public:
  struct Schedule {
    int rounds = 60;
    double first_sharpness = 8.0;
    double last_sharpness = 400.0;
    double first_barrier = 0.1;  ///< in shares of the makespan
    double last_barrier = 2e-4;
    int most_steps = 100;  ///< conjugate gradient steps a round
  };

  PriceAscent(const PriceProblem& problem, Workers& workers);

  /// Starts from the present prices. Stops early when `stop` asks.
  void run(const Schedule& schedule, const StopCondition& stop);

  /// The bound (unscaled) of the best prices met, in floating point.
  double best_value() const { return best_value_ * problem_.time_scale(); }
  const RowPrices& best_prices() const { return best_prices_; }
  /// Shares of all options at the last prices and sharpness.
  std::vector<float> shares() { spread_.spread(score_prices_,score_sharp_); return spread_.shares(score_sharp_); }
  double best_score_=1e300,score_sharp_=0; RowPrices score_prices_;
  const RowLoads& loads() const { return spread_.loads(); }

 private:
  double merit(double smooth_costs, double barrier) const;
  void normalise();
  double value(double least_costs) const;
  double target(double barrier) const;
  void solve(const RowLoads& residual, double barrier, int most_steps);
  void apply(const RowPrices& direction, RowLoads& result);

  const PriceProblem& problem_;
  Workers& workers_;
  SoftAssignment spread_;
  RowPrices prices_;
  double sharpness_ = 0.0;
  double damping_ = 0.0;
  RowLoads loads_, extra_, reach_, last_;
  RowPrices best_prices_;
  double best_value_ = 0.0;
  RowPrices step_;      // relative change of each price
  RowLoads diagonal_;   // of the scaled curvature, damping included
  RowPrices scaled_direction_;
};

}  // namespace splitlane
