#include "bound/price_bound.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "bound/relaxed_tasks.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane {

namespace {

constexpr std::uint32_t kLocal = HelperIndex::kNoneValue;
__extension__ using Wide = __int128;  // clang and gcc both have it; ISO C++ does not

// Sharpness of the soft assignment and step of the weights, decaying geometrically from the first to the last round:
// a constant step stalls well below the optimum (docs/how_it_works.md#a-million-clients).
constexpr double kFirstSharpness = 15.0;
constexpr double kLastSharpness = 300.0;
constexpr double kFirstStep = 0.15;
constexpr double kLastStep = 0.01;

double interpolate(double first, double last, double fraction) { return first * std::pow(last / first, fraction); }

// Falls from 1 at 0 like exp(-x) and reaches 0 at x = 8; much cheaper than exp in the innermost loop.
double decay(double x) {
  if (x >= 8.0) return 0.0;
  const double base = 1.0 - x / 8.0;
  const double square = base * base;
  const double fourth = square * square;
  return fourth * fourth;
}

Time quantile(std::vector<Time>& values, double fraction) {
  const auto position = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + position, values.end());
  return values[static_cast<std::size_t>(position)];
}

}  // namespace

Time option_path_bound(const Instance& instance, OptionIndex option) {
  if (instance.is_local(option)) return instance.path(option);
  return path_bound(service_of(instance, option), switch_rule_of(instance, instance.helper(option)));
}

PriceBound::PriceBound(const Instance& instance) : instance_(instance) {
  PerHelper<std::uint8_t> has_options(instance.helper_count(), 0);
  for (const OptionIndex option : instance.options()) {
    if (!instance.is_local(option)) has_options[instance.helper(option)] = 1;
  }
  PerHelper<std::uint32_t> place_of(instance.helper_count(), kLocal);
  for (const HelperIndex helper : instance.helpers()) {
    if (has_options[helper] == 0) continue;
    place_of[helper] = static_cast<std::uint32_t>(helpers_.size());
    helpers_.push_back(helper);
  }
  options_at_.resize(helpers_.size());
  columns_.reserve(instance.option_count());
  for (const OptionIndex option : instance.options()) {
    const bool local = instance.is_local(option);
    const std::uint32_t place = local ? kLocal : place_of[instance.helper(option)];
    columns_.push_back({place, 0, option_path_bound(instance, option)});
    if (!local) options_at_[place].push_back(option);
  }
}

void PriceBound::place_windows(Time bound, double head_quantile, double tail_quantile) {
  windows_.assign(helpers_.size(), {});
  std::vector<Time> heads;
  std::vector<Time> tails;
  for (std::size_t place = 0; place < helpers_.size(); ++place) {
    heads.clear();
    tails.clear();
    const SwitchRule rule = switch_rule_of(instance_, helpers_[place]);
    for (const OptionIndex option : options_at_[place]) {
      const auto tasks = relaxed_tasks(service_of(instance_, option), rule);
      if (tasks[0].work + tasks[1].work == 0) continue;
      heads.push_back(tasks[0].work > 0 ? tasks[0].head : tasks[1].head);
      tails.push_back(tasks[1].work > 0 ? tasks[1].tail : tasks[0].tail);
    }
    if (heads.empty()) continue;
    Window& window = windows_[place];
    window.head = std::min(quantile(heads, head_quantile), bound);
    window.tail = std::min(quantile(tails, tail_quantile), bound - window.head);
  }
}

void PriceBound::fill_columns() {
  for (const OptionIndex option : instance_.options()) {
    Column& column = columns_[option.value()];
    column.load = 0;
    if (column.place == kLocal) continue;
    const Window& window = windows_[column.place];
    const SwitchRule rule = switch_rule_of(instance_, helpers_[column.place]);
    for (const RelaxedTask& task : relaxed_tasks(service_of(instance_, option), rule)) {
      if (task.head >= window.head && task.tail >= window.tail) column.load += task.work;
    }
  }
}

// Spreads each client over its options, the cheaper the more, into `loads`; returns the sum of the cheapest costs.
double PriceBound::assign_softly(double sharpness, std::vector<double>& loads) const {
  std::fill(loads.begin(), loads.end(), 0.0);
  double total = 0.0;
  for (const ClientIndex client : instance_.clients()) {
    const IndexRange<OptionIndex> options = instance_.options(client);
    double cheapest = std::numeric_limits<double>::max();
    for (const OptionIndex option : options) {
      const Column& column = columns_[option.value()];
      const double cost = column.place == kLocal ? 0.0 : weights_[column.place] * static_cast<double>(column.load);
      cheapest = std::min(cheapest, cost);
    }
    total += cheapest;
    if (cheapest <= 0.0) continue;
    const double scale = sharpness / cheapest;
    double shares = 0.0;
    for (const OptionIndex option : options) {
      const Column& column = columns_[option.value()];
      shares += decay(weights_[column.place] * static_cast<double>(column.load) * scale - sharpness);
    }
    for (const OptionIndex option : options) {
      const Column& column = columns_[option.value()];
      const auto load = static_cast<double>(column.load);
      loads[column.place] += decay(weights_[column.place] * load * scale - sharpness) / shares * load;
    }
  }
  return total;
}

std::vector<std::int64_t> PriceBound::integer_weights() const {
  // weight * load must stay below 2^62, and every load is at most the horizon.
  const int horizon_bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(instance_.horizon())));
  const double scale = std::ldexp(1.0, std::min(40, 61 - horizon_bits));
  const double largest = *std::max_element(weights_.begin(), weights_.end());
  std::vector<std::int64_t> weights;
  weights.reserve(weights_.size());
  for (const double weight : weights_) weights.push_back(std::llround(weight / largest * scale));
  return weights;
}

// The bound that these weights prove when no client uses an option longer than `longest_path`.
Time PriceBound::exact_bound(std::span<const std::int64_t> weights, Time longest_path) const {
  Wide total = 0;
  for (const ClientIndex client : instance_.clients()) {
    std::int64_t cheapest = std::numeric_limits<std::int64_t>::max();
    for (const OptionIndex option : instance_.options(client)) {
      const Column& column = columns_[option.value()];
      if (column.path > longest_path) continue;
      cheapest = std::min(cheapest, column.place == kLocal ? 0 : weights[column.place] * column.load);
    }
    total += cheapest;
  }
  Wide weight_sum = 0;
  for (std::size_t place = 0; place < weights.size(); ++place) {
    weight_sum += weights[place];
    total += static_cast<Wide>(weights[place]) * (windows_[place].head + windows_[place].tail);
  }
  return static_cast<Time>((total + weight_sum - 1) / weight_sum);
}

// If the makespan were below v = exact_bound(w, bound), no option longer than v could be used, and then
// exact_bound(w, v) <= exact_bound(w, makespan) <= makespan: so that value is proven for every makespan.
Time PriceBound::lifted(Time bound) const {
  const std::vector<std::int64_t> weights = integer_weights();
  const Time reach = exact_bound(weights, bound);
  if (reach <= bound) return bound;
  return std::max(bound + 1, exact_bound(weights, reach));
}

Time PriceBound::improve(Time bound, double head_quantile, double tail_quantile, int rounds,
                         const StopCondition& stop) {
  if (helpers_.empty()) return bound;
  place_windows(bound, head_quantile, tail_quantile);
  fill_columns();
  weights_.assign(helpers_.size(), 1.0 / static_cast<double>(helpers_.size()));
  std::vector<double> loads(helpers_.size());
  std::vector<double> best_weights = weights_;
  double best_value = 0.0;
  for (int round = 0; round < rounds && !(round > 0 && stop.reached()); ++round) {
    const double fraction = static_cast<double>(round) / static_cast<double>(rounds);
    double value = assign_softly(interpolate(kFirstSharpness, kLastSharpness, fraction), loads);
    double mean = 0.0;
    for (std::size_t place = 0; place < windows_.size(); ++place) {
      const auto edge = static_cast<double>(windows_[place].head + windows_[place].tail);
      value += weights_[place] * edge;
      loads[place] += edge;
      mean += loads[place] / static_cast<double>(windows_.size());
    }
    if (value > best_value) {
      best_value = value;
      best_weights = weights_;
    }
    if (mean <= 0.0) break;
    const double step = interpolate(kFirstStep, kLastStep, fraction);
    double sum = 0.0;
    for (std::size_t place = 0; place < windows_.size(); ++place) {
      // A helper that nobody needs loses weight by a bounded factor a round.
      weights_[place] *= std::pow(std::max(loads[place] / mean, 0.05), step);
      sum += weights_[place];
    }
    for (double& weight : weights_) weight /= sum;
  }
  weights_ = std::move(best_weights);
  return lifted(bound);
}

}  // namespace splitlane
