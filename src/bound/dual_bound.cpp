#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "bound/bottleneck.hpp"
#include "bound/integer_prices.hpp"
#include "bound/pooled_bound.hpp"
#include "bound/price_ascent.hpp"
#include "bound/window_grids.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

constexpr double kSolved = 0.004;  // distance of an ascent that needs no closer look
constexpr int kCloserLooks = 2;
constexpr double kClimbShareOfTime = 0.5;  // what proves the bound of the prices found takes as many rounds

StopCondition stop_of_climb(const StopCondition& stop) {
  const std::optional<double> left = stop.seconds_left();
  return left ? stop.within(kClimbShareOfTime * *left) : stop;
}

// What each helper would have to do if every client took its shortest service, or what the bound tells: a scale for
// times, no bound.
double time_scale_of(const Instance& instance, Time bound) {
  double sum = 0.0;
  for (const ClientIndex client : instance.clients()) {
    Time least = std::numeric_limits<Time>::max();
    for (const OptionIndex option : instance.options(client)) least = std::min(least, instance.load(option));
    sum += static_cast<double>(least);
  }
  return std::max({1.0, sum / static_cast<double>(instance.helper_count()), static_cast<double>(bound) / 4.0});
}

std::shared_ptr<const Certificate> certificate_of(Time bound, std::vector<PricedRow> rows) {
  auto certificate = std::make_shared<Certificate>();
  certificate->lower_bound = bound;
  if (bound > 0) {
    ProofStep step;
    step.rows = std::move(rows);
    certificate->steps.push_back(std::move(step));
  }
  return certificate;
}

WindowGrids without_free(WindowGrids grids, const PerHelper<std::uint8_t>& is_free) {
  for (const HelperIndex helper : grids.indices()) {
    if (is_free[helper] != 0) grids[helper] = {};
  }
  return grids;
}

/// One relaxation, its prices and what they are worth.
class Climb {
 public:
  Climb(const Instance& instance, WindowGrids grids, const DualBoundParameters& parameters, Time bound, double scale,
        Workers& workers, PerHelper<std::uint8_t> is_free = {})
      : problem_(instance, std::move(grids), std::max(parameters.longest_path, bound), scale, workers,
                 std::move(is_free)),
        ascent_(problem_, workers),
        workers_(workers) {
    PriceAscent::Schedule schedule;
    schedule.rounds = parameters.rounds;
    ascent_.run(schedule, stop_of_climb(parameters.stop));
  }

  const PriceProblem& problem() const { return problem_; }
  std::vector<float> shares() { return ascent_.shares(); }
  double value() const { return ascent_.best_value(); }
  bool is_solved() const { return ascent_.distance() < kSolved; }
  PerHelper<std::uint8_t> beside_the_bottleneck() { return helpers_beside_the_bottleneck(problem_, ascent_); }

  /// Records the bound and its proof where it is better than what `result` has.
  void prove(DualBound& result, bool with_certificate) {
    IntegerPrices prices(problem_, ascent_.best_prices(), result.lower_bound, workers_);
    const Time proven = prices.improved(result.lower_bound);
    if (proven <= result.lower_bound) return;
    result.lower_bound = proven;
    if (with_certificate) result.certificate = certificate_of(proven, prices.rows());
  }

  /// Shares and regrets by option of the instance.
  void assign(DualBound& result) {
    const std::vector<float> shares = ascent_.shares();
    const std::vector<float> regrets = ascent_.regrets();
    throw_if_reached(workers_.stop());
    SPLITLANE_ASSERT(shares.size() == problem_.option_count() && regrets.size() == shares.size(), shares.size(),
                     regrets.size(), problem_.option_count());
    result.share.assign(problem_.instance().option_count(), 0.0F);
    result.regret.assign(problem_.instance().option_count(), std::numeric_limits<float>::max());
    for (std::size_t option = 0; option < shares.size(); ++option) {
      result.share[problem_.source(option).value()] = shares[option];
      result.regret[problem_.source(option).value()] = static_cast<float>(regrets[option] * problem_.time_scale());
    }
  }

 private:
  PriceProblem problem_;
  PriceAscent ascent_;
  Workers& workers_;
};

// Ascents that did not get far enough everywhere, again where they point to.
void look_closer(Climb& whole, const DualBoundParameters& parameters, double scale, Workers& workers,
                 DualBound& result) {
  std::unique_ptr<Climb> closer;
  for (int look = 0; look < kCloserLooks && !parameters.stop.reached(); ++look) {
    Climb& last = closer ? *closer : whole;
    if (last.is_solved()) return;
    PerHelper<std::uint8_t> is_free = last.beside_the_bottleneck();
    if (is_free.empty()) return;
    WindowGrids grids = without_free(last.problem().grids(), is_free);
    closer = std::make_unique<Climb>(whole.problem().instance(), std::move(grids), parameters, result.lower_bound,
                                     scale, workers, std::move(is_free));
    closer->prove(result, parameters.certificate);
  }
}

/// The bound of all prices, from what is proven already upwards.
void climb_all(const Instance& instance, const DualBoundParameters& parameters, Workers& workers, DualBound& result) {
  const double scale = time_scale_of(instance, result.lower_bound);
  throw_if_reached(parameters.stop);
  Climb whole(instance, whole_range_grids(instance, result.lower_bound), parameters, result.lower_bound, scale,
              workers);
  whole.assign(result);
  whole.prove(result, parameters.certificate);
  look_closer(whole, parameters, scale, workers, result);
  throw_if_reached(parameters.stop);
  std::optional<WindowGrids> grids = finer_grids(whole.problem(), whole.shares(), result.lower_bound, parameters.stop);
  if (!grids) return;
  Climb finer(instance, std::move(*grids), parameters, result.lower_bound, scale, workers);
  finer.prove(result, parameters.certificate);
  if (finer.value() > whole.value()) finer.assign(result);
}

}  // namespace

DualBound dual_bound(const Instance& instance, const DualBoundParameters& parameters) {
  Workers workers(parameters.threads, parameters.stop);
  DualBound result;
  PooledBound pooled = pooled_bound(instance, workers);
  result.lower_bound = pooled.lower_bound;
  if (parameters.certificate) result.certificate = certificate_of(result.lower_bound, std::move(pooled.rows));
  try {
    climb_all(instance, parameters, workers, result);
  } catch (const Stopped&) {
    // What is proven by then stands.
  }
  return result;
}

void raise_bound_within(const Instance& instance, std::span<const std::uint8_t> is_inside,
                        const DualBoundParameters& parameters, DualBound& bound) {
  SPLITLANE_ASSERT(is_inside.size() == instance.helper_count(), is_inside.size(), instance.helper_count());
  Workers workers(parameters.threads, parameters.stop);
  PerHelper<std::uint8_t> is_free;
  for (const std::uint8_t flag : is_inside) is_free.push_back(flag != 0 ? 0 : 1);
  try {
    WindowGrids grids = without_free(whole_range_grids(instance, bound.lower_bound), is_free);
    Climb climb(instance, std::move(grids), parameters, bound.lower_bound, time_scale_of(instance, bound.lower_bound),
                workers, std::move(is_free));
    climb.prove(bound, parameters.certificate);
  } catch (const Stopped&) {
    // The bound stays as it is.
  }
}

}  // namespace splitlane
