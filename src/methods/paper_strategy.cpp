#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

/// How much the work that clients ask of a helper differs, the mean over the helpers of (standard deviation / mean) of
/// p + p' over its options.
double work_variation(const Instance& instance) {
  struct Sums {
    double count = 0, sum = 0, squares = 0;
  };
  std::vector<Sums> sums(instance.helper_count());
  for (const OptionIndex option : instance.options()) {
    if (instance.is_local(option)) continue;
    Sums& of_helper = sums[instance.helper(option).value()];
    const auto load = static_cast<double>(instance.load(option));
    of_helper.count += 1;
    of_helper.sum += load;
    of_helper.squares += load * load;
  }
  double variation = 0;
  double helpers = 0;
  for (const Sums& of_helper : sums) {
    if (of_helper.sum <= 0) continue;
    const double mean = of_helper.sum / of_helper.count;
    variation += std::sqrt(std::max(0.0, of_helper.squares / of_helper.count - mean * mean)) / mean;
    helpers += 1;
  }
  return helpers > 0 ? variation / helpers : 0;
}

}  // namespace

/// The strategy of Sec. VII. In Scenario 1 all clients have the same cut layers, so that a helper works equally long
/// for each of them; in Scenario 2 they differ. That is what tells the two apart here.
Plan plan_paper_strategy(const Instance& instance, const MethodParameters& parameters) {
  const bool is_heterogeneous = work_variation(instance) > kStrategyLowVariation;
  const std::size_t first_large = is_heterogeneous ? kStrategyVeryLarge : kStrategyLarge + 1;
  const bool uses_admm = instance.client_count() < first_large;
  Plan plan = uses_admm ? plan_admm(instance, parameters) : plan_balanced_greedy(instance, parameters);
  plan.origin.parameters["chosen"] = std::string(plan.origin.method);
  plan.origin.method = "paper-strategy";
  return plan;
}

}  // namespace splitlane
