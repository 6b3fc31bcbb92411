#include <algorithm>
#include <cstdint>
#include <queue>
#include <utility>
#include <vector>

#include "check/verify/lane_proof.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

namespace {

/// One task of the relaxation to a single kind of task; `density` is its weight for each unit of work.
struct WeightedTask {
  Time release;
  Time work;
  Wide density;
};

// Twice the smallest sum of weight * mean busy time of preemptive schedules: at every instant the densest task that is
// released runs (Goemans). A stretch [s, e) adds density * (e^2 - s^2).
Wide twice_weighted_mean_busy_time(std::vector<WeightedTask> tasks) {
  std::sort(tasks.begin(), tasks.end(),
            [](const WeightedTask& left, const WeightedTask& right) { return left.release < right.release; });
  std::priority_queue<std::pair<Wide, std::size_t>> released;  // density, position
  Wide total = 0;
  Wide now = 0;
  for (std::size_t next = 0; next < tasks.size() || !released.empty();) {
    if (released.empty()) now = std::max<Wide>(now, tasks[next].release);
    for (; next < tasks.size() && tasks[next].release <= now; ++next) released.emplace(tasks[next].density, next);
    const auto [density, position] = released.top();
    Time& left = tasks[position].work;
    Wide stretch = left;
    if (next < tasks.size()) stretch = std::min(stretch, tasks[next].release - now);
    const Wide end = now + stretch;
    total = sum(total, product(density, product(stretch, now + end)));  // e^2 - s^2 = (e - s)(s + e)
    left -= static_cast<Time>(stretch);
    now = end;
    if (left == 0) released.pop();
  }
  return total;
}

}  // namespace

bool coupling_bound_exceeds(std::span<const PlainOption> services, std::span<const std::int64_t> weights,
                            Time makespan) {
  std::vector<WeightedTask> forwards;
  std::vector<WeightedTask> backwards;  // in reversed time: released `tail` behind the end
  Wide weight_sum = 0;
  Wide twice_between = 0;  // of the sum of weight * (a + (p + p') / 2)
  for (std::size_t service = 0; service < services.size(); ++service) {
    const PlainOption& one = services[service];
    if (weights[service] < 0) refuse(fmt::format("weight {} is below 0", weights[service]));
    if (weights[service] == 0 || one.forward == 0 || one.backward == 0) continue;
    const Wide forward_density = time_product(weights[service], one.backward);
    const Wide weight = product(forward_density, one.forward);
    forwards.push_back({one.release, one.forward, forward_density});
    backwards.push_back({one.tail, one.backward, time_product(weights[service], one.forward)});
    weight_sum = sum(weight_sum, weight);
    twice_between = sum(twice_between, product(weight, 2 * one.turnaround + one.forward + one.backward));
  }
  const Wide twice_bound =
      sum(sum(twice_weighted_mean_busy_time(std::move(forwards)), twice_weighted_mean_busy_time(std::move(backwards))),
          twice_between);
  if (makespan < 0) return weight_sum > 0;
  return twice_bound > product(2 * Wide{makespan}, weight_sum);
}

}  // namespace splitlane::verify_detail
