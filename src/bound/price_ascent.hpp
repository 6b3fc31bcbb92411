#pragma once

#include <cstddef>
#include <vector>

#include "base/workers.hpp"
#include "bound/price_problem.hpp"
#include "bound/row_values.hpp"
#include "bound/soft_assignment.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Finds row prices that make the price bound large (the dual of PriceProblem): a Newton method on the soft assignment
/// of docs/how_it_works.md#a-million-clients, with a barrier that keeps prices above 0. Sharpness rises and barrier
/// falls whenever the present level is settled.
///
/// docs/how_it_works.md#a-million-clients moves each price by the load of its own helper alone (tatonnement), so on
/// local graphs a surplus travels one neighbourhood a round. Here all prices move together: the curvature of the soft
/// assignment is a weighted Laplacian of the graph of helpers (who shares clients with whom), so solving with it is a
/// diffusion of prices along that graph taken to its end. It is solved by conjugate gradients on a sample of the
/// clients, whose steps cost far less than a round over all options. Logarithms of prices change, so that all rows
/// count alike.
///
/// Deterministic for any number of threads.
class PriceAscent {
 public:
  struct Schedule {
    int rounds = 90;  ///< over all options, at most
    double first_sharpness = 8.0;
    double last_sharpness = 6000.0;
    double sharpening = 1.5;      ///< from level to level
    double first_barrier = 0.02;  ///< in units of the makespan
    double last_barrier = 1e-5;
    int most_steps = 80;  ///< of conjugate gradients, a round
  };

  PriceAscent(const PriceProblem& problem, Workers& workers);

  /// Climbs from the starting prices until the last level is settled or the rounds are used up; stops early when `stop`
  /// asks. To be called once.
  void run(const Schedule& schedule, const StopCondition& stop);

  /// The best bound met (unscaled, in floating point) and its prices.
  double best_value() const { return best_value_ * problem_.time_scale(); }
  const RowValues& best_prices() const { return best_prices_; }
  /// By how much each helper's windows are dearer than at the start; 0 for one without.
  PerHelper<double> rises() const;
  /// The bound of other prices, as best_value().
  double value_of(const RowValues& prices);
  /// How far bound and shares were from meeting, relative to the makespan: 0 = solved.
  double distance() const { return best_share_score_ / best_value_; }
  /// One share per option of the problem, those of a client adding up to 1: the soft assignment that came closest to
  /// carrying every row, at little cost.
  std::vector<float> shares();
  /// For each option, how much dearer it is under the best prices than the cheapest of its client (scaled).
  std::vector<float> regrets() { return spread_.regrets(best_prices_); }

 private:
  /// Where the climb stands, and what is needed to go back there.
  struct Base {
    RowValues prices;
    RowValues loads;
    double merit = 0.0;
    double excess = 0.0;
  };

  void start_prices();
  void normalise();
  void look(const Schedule& schedule);
  void residuals(RowValues& result) const;
  void settle();
  void hold_back();
  void prepare_damping();
  double step(int most_steps);
  void solve(int most_steps);
  void apply(const RowValues& direction, RowValues& result);
  bool sharpen(const Schedule& schedule);
  void adapt_damping(double gain, double predicted);
  double price_sum() const;
  double makespan() const;
  double excess_beyond(double makespan) const;
  double merit(double smooth_costs) const;

  const PriceProblem& problem_;
  SoftAssignment spread_;
  RowValues prices_;
  double sharpness_ = 0.0;
  double barrier_ = 0.0;
  double damping_ = 0.0;
  int rounds_ = 0;

  double value_ = 0.0;  // the bound of the present prices
  double merit_ = 0.0;  // the smooth function that is climbed
  double excess_ = 0.0;
  Base base_;
  RowValues residual_;  // slopes at the base, by the logarithms of the prices
  RowValues reach_;     // largest change of a row against its neighbours
  RowValues damping_of_row_;
  RowValues diagonal_;
  RowValues step_;
  RowValues scratch_;

  RowValues first_prices_;
  RowValues best_prices_;
  double best_value_ = 0.0;
  RowValues share_prices_;
  double share_sharpness_ = 0.0;
  double best_share_score_;
};

}  // namespace splitlane
