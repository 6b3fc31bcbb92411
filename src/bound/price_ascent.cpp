#include "bound/price_ascent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace splitlane {

namespace {

constexpr std::size_t kSampledPerHelper = 300;  // options that stand for the curvature
constexpr double kLeastPrice = 1e-12;
constexpr double kFirstMemoryPrice = 1.0;
constexpr double kLargestStep = 0.7;  // of the logarithm of a price
constexpr double kTolerance = 0.03;   // of the residual, where conjugate gradients stop

// Levenberg-Marquardt damping, in units of what each row carries.
constexpr double kFirstDamping = 3.0;
constexpr double kLeastDamping = 1e-4;
constexpr double kDampingOfFailure = 3.0;
constexpr double kLeastLoad = 0.1;

// The reach of a row grows while its residual keeps its sign and shrinks when it changes.
constexpr double kFirstReach = 0.3;
constexpr double kReachGrowth = 1.3;
constexpr double kReachShrinking = 0.5;
constexpr double kLeastReach = 0.5;  // in units of 1 / sharpness

constexpr double kSettled = 0.02;     // a level is settled when the gain ahead is this share of its softness
constexpr double kNegligible = 1e-6;  // gain of a round that is not worth one
constexpr double kFarLess = 0.7;      // an excess reduced this much is progress too
constexpr int kMostFailures = 8;

}  // namespace

PriceAscent::PriceAscent(const PriceProblem& problem, Workers& workers)
    : problem_(problem), spread_(problem, workers), best_share_score_(std::numeric_limits<double>::max()) {
  start_prices();
  first_prices_ = prices_;
  best_prices_ = prices_;
  share_prices_ = prices_;
}

// The faster a helper serves its clients compared with their other helpers, the dearer.
void PriceAscent::start_prices() {
  const std::size_t helpers = problem_.helper_count();
  PerHelper<double> slowness(helpers + 1, 0.0);
  PerHelper<double> count(helpers + 1, 0.0);
  for (const ClientIndex client : problem_.instance().clients()) {
    float least = std::numeric_limits<float>::max();
    for (const PriceProblem::Option& option : problem_.options(client)) least = std::min(least, option.load());
    if (!(least > 0.0F)) continue;
    for (const PriceProblem::Option& option : problem_.options(client)) {
      slowness[option.helper] += static_cast<double>(option.load() / least);
      count[option.helper] += 1.0;
    }
  }
  prices_.windows.resize(problem_.window_count());
  prices_.memory.assign(helpers, 0.0);
  for (const HelperIndex helper : prices_.memory.indices()) {
    const double price = count[helper] > 0.0 ? count[helper] / slowness[helper] : 1.0;
    const PriceProblem::Helper& place = problem_.helper(helper);
    const std::size_t windows = std::size_t{place.heads} * place.tails;
    for (std::size_t window = 0; window < windows; ++window) {
      prices_.windows[place.first_window + window] = price / static_cast<double>(windows);
    }
    if (problem_.has_memory(helper)) prices_.memory[helper] = kFirstMemoryPrice * price;
  }
  normalise();
  spread_.set_units(prices_);
  residual_ = filled_like(prices_, 0.0);
  reach_ = filled_like(prices_, kFirstReach);
  damping_of_row_ = residual_;
  step_ = residual_;
}

double PriceAscent::price_sum() const {
  double sum = 0.0;
  for (const double price : prices_.windows) sum += price;
  return sum;
}

void PriceAscent::normalise() {
  if (prices_.windows.empty()) return;
  const double scale = static_cast<double>(problem_.helper_count()) / price_sum();
  for (double& price : prices_.windows) price = std::max(price * scale, kLeastPrice);
  for (double& price : prices_.memory) price *= scale;
}

// The makespan at which the residuals of all rows add up to 0; near the optimum an upper estimate of it.
double PriceAscent::makespan() const {
  const RowValues& loads = spread_.loads();
  double total = 0.0;
  for (std::size_t window = 0; window < prices_.windows.size(); ++window) {
    total += prices_.windows[window] * (loads.windows[window] + problem_.edge(window)) + barrier_;
  }
  for (const HelperIndex helper : prices_.memory.indices()) {
    if (problem_.has_memory(helper)) total += prices_.memory[helper] * (loads.memory[helper] - 1.0) + barrier_;
  }
  return total / price_sum();
}

// What windows carry beyond the makespan and memories beyond their size, per helper.
double PriceAscent::excess_beyond(double makespan) const {
  const RowValues& loads = spread_.loads();
  double sum = 0.0;
  for (std::size_t window = 0; window < prices_.windows.size(); ++window) {
    sum += std::max(0.0, loads.windows[window] + problem_.edge(window) - makespan);
  }
  for (const HelperIndex helper : prices_.memory.indices()) {
    if (problem_.has_memory(helper)) sum += std::max(0.0, loads.memory[helper] - 1.0);
  }
  return sum / static_cast<double>(problem_.helper_count());
}

// The bound with smooth costs, and the barrier.
double PriceAscent::merit(double smooth_costs) const {
  double logarithms = 0.0;
  for (const double price : prices_.windows) logarithms += std::log(price);
  for (const HelperIndex helper : prices_.memory.indices()) {
    if (problem_.has_memory(helper)) logarithms += std::log(std::max(prices_.memory[helper], kLeastPrice));
  }
  return (smooth_costs + problem_.rent(prices_) + barrier_ * logarithms) / price_sum();
}

// One round over all options at the present prices.
void PriceAscent::look(const Schedule& schedule) {
  ++rounds_;
  const double fraction =
      std::log(sharpness_ / schedule.first_sharpness) / std::log(schedule.last_sharpness / schedule.first_sharpness);
  barrier_ = schedule.first_barrier * std::pow(schedule.last_barrier / schedule.first_barrier, fraction);
  const SoftAssignment::Costs costs = spread_.spread(prices_, sharpness_);
  value_ = (costs.least + problem_.rent(prices_)) / price_sum();
  merit_ = merit(costs.smooth);
  if (value_ > best_value_) {
    best_value_ = value_;
    best_prices_ = prices_;
  }
  const double reached = makespan();
  excess_ = excess_beyond(reached);
  const double score = excess_ + reached - value_;
  if (score < best_share_score_) {
    best_share_score_ = score;
    share_prices_ = prices_;
    share_sharpness_ = sharpness_;
  }
}

// Slopes at the present prices, by the logarithms of the prices.
void PriceAscent::residuals(RowValues& result) const {
  const double reached = makespan();
  result = spread_.loads();
  for (std::size_t window = 0; window < result.windows.size(); ++window) {
    const double excess = result.windows[window] + problem_.edge(window) - reached;
    result.windows[window] = prices_.windows[window] * excess + barrier_;
  }
  for (const HelperIndex helper : result.memory.indices()) {
    const double excess = result.memory[helper] - 1.0;
    result.memory[helper] = problem_.has_memory(helper) ? prices_.memory[helper] * excess + barrier_ : 0.0;
  }
}

// Makes the present prices the base of the next step.
void PriceAscent::settle() {
  base_ = {prices_, spread_.loads(), merit_, excess_};
  scratch_ = residual_;
  residuals(residual_);
  for_each_row(scratch_, residual_, [](double& old, double now) { old *= now; });
  const double least = std::min(kFirstReach, kLeastReach / sharpness_);
  for_each_row(reach_, scratch_, [&](double& reach, double agreement) {
    if (agreement != 0.0) reach = std::clamp(reach * (agreement > 0.0 ? kReachGrowth : kReachShrinking), least, 1.0);
  });
  spread_.sample_curvature(sharpness_, kSampledPerHelper * problem_.priced_count());
}

// After a step that lost: the rows that overshot, ending farther on the other side than they began, are to blame. They
// alone are held back, where damping would hold back all.
void PriceAscent::hold_back() {
  residuals(scratch_);
  for_each_row(scratch_, residual_,
               [](double& now, double old) { now = now * old < 0.0 ? std::abs(now) - std::abs(old) : 0.0; });
  const double least = std::min(kFirstReach, kLeastReach / sharpness_);
  for_each_row(reach_, scratch_, [&](double& reach, double overshoot) {
    if (overshoot > 0.0) reach = std::max(reach * kReachShrinking, least);
  });
}

// Diagonal of the map that `apply` is. A row whose own curvature is too flat to be trusted as far as its residual would
// push it against its neighbours is held back to its reach; moving along with them costs it nothing.
void PriceAscent::prepare_damping() {
  scratch_ = base_.loads;
  damping_of_row_ = prices_;
  for_each_row(damping_of_row_, scratch_,
               [&](double& value, double load) { value = barrier_ + damping_ * value * std::max(load, kLeastLoad); });
  spread_.curvature_diagonal(diagonal_);
  for_each_row(diagonal_, prices_, [](double& value, double price) { value *= price * price; });
  scratch_ = residual_;
  for_each_row(scratch_, reach_, [](double& residual, double reach) { residual = std::abs(residual) / reach; });
  for_each_row(scratch_, diagonal_, [](double& needed, double curvature) { needed -= curvature; });
  for_each_row(damping_of_row_, scratch_,
               [](double& damping, double missing) { damping = std::max(damping, missing); });
  for_each_row(diagonal_, damping_of_row_, [](double& value, double damping) { value += damping; });
}

void PriceAscent::apply(const RowValues& direction, RowValues& result) {
  scratch_ = direction;
  for_each_row(scratch_, prices_, [](double& value, double price) { value *= price; });
  spread_.apply_curvature(scratch_, result);
  for_each_row(result, prices_, [](double& value, double price) { value *= price; });
  scratch_ = direction;
  for_each_row(scratch_, damping_of_row_, [](double& value, double damping) { value *= damping; });
  for_each_row(result, scratch_, [](double& value, double damped) { value += damped; });
}

// Preconditioned conjugate gradients: (curvature + damping) step = residual.
void PriceAscent::solve(int most_steps) {
  step_ = filled_like(prices_, 0.0);
  RowValues rest = residual_;
  const auto precondition = [&](RowValues values) {
    for_each_row(values, diagonal_,
                 [](double& value, double diagonal) { value = diagonal > 0.0 ? value / diagonal : 0.0; });
    return values;
  };
  RowValues conditioned = precondition(rest);
  RowValues direction = conditioned;
  RowValues image;
  double energy = dot(rest, conditioned);
  const double enough = energy * kTolerance * kTolerance;
  for (int count = 0; count < most_steps && energy > enough; ++count) {
    apply(direction, image);
    const double length = energy / dot(direction, image);
    for_each_row(step_, direction, [&](double& value, double change) { value += length * change; });
    for_each_row(rest, image, [&](double& value, double change) { value -= length * change; });
    conditioned = precondition(rest);
    const double next = dot(rest, conditioned);
    const double ratio = next / energy;
    energy = next;
    for_each_row(direction, conditioned, [&](double& value, double fresh) { value = ratio * value + fresh; });
  }
}

// Moves the prices from the base and returns the gain that the quadratic model promises.
double PriceAscent::step(int most_steps) {
  prepare_damping();
  solve(most_steps);
  for_each_row(prices_, step_, [](double& price, double change) {
    price *= std::exp(std::clamp(change, -kLargestStep, kLargestStep));
  });
  normalise();
  return 0.5 * dot(step_, residual_) / static_cast<double>(problem_.helper_count());
}

// Nielsen's rule: falls the faster the better the model foretold the gain.
void PriceAscent::adapt_damping(double gain, double predicted) {
  const double quality = predicted > 0.0 ? std::clamp(gain / predicted, 0.0, 1.0) : 0.0;
  damping_ = std::max(damping_ * std::max(1.0 / 3.0, 1.0 - std::pow(2.0 * quality - 1.0, 3.0)), kLeastDamping);
}

// On to the next level; false when this was the last.
bool PriceAscent::sharpen(const Schedule& schedule) {
  if (sharpness_ >= schedule.last_sharpness) return false;
  sharpness_ = std::min(sharpness_ * schedule.sharpening, schedule.last_sharpness);
  look(schedule);
  return true;
}

void PriceAscent::run(const Schedule& schedule, const StopCondition& stop) {
  if (prices_.windows.empty()) return;  // memory alone bounds no time
  sharpness_ = schedule.first_sharpness;
  damping_ = kFirstDamping;
  look(schedule);
  settle();
  int failures = 0;
  while (rounds_ < schedule.rounds && !stop.reached()) {
    const double predicted = step(schedule.most_steps);
    look(schedule);
    const double gain = merit_ - base_.merit;
    if (gain < 0.0 && excess_ >= kFarLess * base_.excess) {
      hold_back();
      prices_ = base_.prices;
      damping_ *= kDampingOfFailure;
      if (++failures < kMostFailures && predicted >= kNegligible) continue;
      damping_ = 0.01;
      if (!sharpen(schedule)) break;
    } else {
      adapt_damping(gain, predicted);
      const bool last = sharpness_ >= schedule.last_sharpness;
      if (last && predicted < kNegligible) break;
      if (predicted < kSettled * (makespan() - value_)) sharpen(schedule);
    }
    failures = 0;
    settle();
  }
}

PerHelper<double> PriceAscent::rises() const {
  PerHelper<double> result(problem_.helper_count(), 0.0);
  for (const HelperIndex helper : result.indices()) {
    const PriceProblem::Helper& place = problem_.helper(helper);
    double first = 0.0;
    double last = 0.0;
    for (std::size_t window = 0; window < std::size_t{place.heads} * place.tails; ++window) {
      first += first_prices_.windows[place.first_window + window];
      last += best_prices_.windows[place.first_window + window];
    }
    if (first > 0.0) result[helper] = last / first;
  }
  return result;
}

double PriceAscent::value_of(const RowValues& prices) {
  double sum = 0.0;
  for (const double price : prices.windows) sum += price;
  if (!(sum > 0.0)) return 0.0;
  return (spread_.spread(prices, sharpness_).least + problem_.rent(prices)) / sum * problem_.time_scale();
}

std::vector<float> PriceAscent::shares() {
  spread_.spread(share_prices_, share_sharpness_);
  return spread_.shares(share_sharpness_);
}

}  // namespace splitlane
