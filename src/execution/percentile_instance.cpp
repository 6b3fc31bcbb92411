#include <cmath>
#include <numbers>

#include "execution/true_times.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/retimed.hpp"

namespace splitlane {

namespace {

using namespace execution_detail;

// What a standard normal variable does not exceed with that probability, by bisection.
double normal_quantile(double probability) {
  double low = -10;
  double high = 10;
  for (int halving = 0; halving < 100; ++halving) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::numbers::sqrt2) / 2 < probability ? low : high) = middle;
  }
  return low;
}

/// Scales durations whose factor is log-normal with mean 1.
class Percentile {
 public:
  Percentile(int percentile, double duration_deviation)
      : quantile_(normal_quantile(percentile / 100.0)), duration_variance_(duration_deviation * duration_deviation) {}

  double factor(double device_deviation) const {
    const double variance = duration_variance_ + device_deviation * device_deviation;
    return std::exp(quantile_ * std::sqrt(variance) - variance / 2);
  }

 private:
  double quantile_;
  double duration_variance_;
};

}  // namespace

Instance instance_at_percentile(const Instance& instance, const SimulationParameters& parameters, int percentile) {
  const Percentile scale(percentile, parameters.noise.duration);
  const DeviceDeviations deviations(instance, parameters);
  const auto scaled = [](Time time, double factor) { return std::llround(static_cast<double>(time) * factor); };
  return retimed_instance(instance, [&](ClientIndex client, OptionIndex option) -> OptionDurations {
    const double own = scale.factor(deviations.clients[client.value()]);
    const bool local = instance.is_local(option);
    const double served = local ? own : scale.factor(deviations.helpers[instance.helper(option).value()]);
    return {scaled(instance.local(option), own),
            scaled(instance.release(option), own),
            scaled(instance.forward(option), served),
            scaled(instance.client_forward(option), own),
            scaled(instance.client_backward(option), own),
            scaled(instance.backward(option), served),
            scaled(instance.tail(option), own)};
  });
}

}  // namespace splitlane
