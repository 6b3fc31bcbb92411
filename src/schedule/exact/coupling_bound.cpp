#include "schedule/exact/coupling_bound.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/assert.hpp"

namespace splitlane {

namespace {

__extension__ using Wide = __int128;

// Integer weights up to this: rounding then costs less than one part in a million of the bound.
constexpr double kLargestWeight = 1 << 24;
// Every sum of the exact evaluation stays below this.
constexpr double kLargestSum = 0x1.0p120;
// Shares never vanish, so that a service that was unimportant at first can still become important.
constexpr double kSmallestShare = 1e-9;

struct WeightedTask {
  Time release;
  Time work;
  Wide density;  // weight per unit of work
};

// 2 * sum of weight * mean busy time, smallest over all preemptive schedules: the largest density first.
Wide twice_least_weighted_busy_time(std::vector<WeightedTask>& tasks) {
  std::sort(tasks.begin(), tasks.end(),
            [](const WeightedTask& left, const WeightedTask& right) { return left.release < right.release; });
  const auto less_dense = [](const WeightedTask& left, const WeightedTask& right) {
    return left.density < right.density;
  };
  std::vector<WeightedTask> waiting;
  Wide total = 0;
  Time now = 0;
  for (std::size_t next = 0; next < tasks.size() || !waiting.empty();) {
    if (waiting.empty()) now = std::max(now, tasks[next].release);
    for (; next < tasks.size() && tasks[next].release <= now; ++next) {
      waiting.push_back(tasks[next]);
      std::push_heap(waiting.begin(), waiting.end(), less_dense);
    }
    WeightedTask& running = waiting.front();
    const Time run = next < tasks.size() ? std::min(running.work, tasks[next].release - now) : running.work;
    total += running.density * run * (2 * Wide{now} + run);
    now += run;
    running.work -= run;
    if (running.work == 0) {
      std::pop_heap(waiting.begin(), waiting.end(), less_dense);
      waiting.pop_back();
    }
  }
  return total;
}

// No sum of the exact evaluation exceeds this: 2 * sum of weights times an upper bound on all instants.
double largest_sum(std::span<const Service> services, std::span<const std::int64_t> weights, Time makespan) {
  auto latest = static_cast<double>(makespan);
  double load = 0;
  double weight = 0;
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    latest = std::max(latest, static_cast<double>(service.path()));
    load += static_cast<double>(service.load());
    weight += static_cast<double>(weights[index]) * static_cast<double>(service.forward) *
              static_cast<double>(service.backward);
  }
  return 8 * weight * (latest + load + 1);
}

}  // namespace

bool coupling_bound_exceeds(std::span<const Service> services, std::span<const std::int64_t> weights, Time makespan) {
  SPLITLANE_ASSERT(weights.size() == services.size(), weights.size(), services.size());
  if (largest_sum(services, weights, makespan) > kLargestSum) return false;
  std::vector<WeightedTask> forward;
  std::vector<WeightedTask> backward;
  Wide sum_of_weights = 0;
  Wide twice_bound = 0;
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    if (weights[index] == 0 || service.forward == 0 || service.backward == 0) continue;
    forward.push_back({service.release, service.forward, Wide{weights[index]} * service.backward});
    backward.push_back({service.tail, service.backward, Wide{weights[index]} * service.forward});
    const Wide weight = Wide{weights[index]} * service.forward * service.backward;
    sum_of_weights += weight;
    twice_bound += weight * (2 * service.turnaround + service.load());
  }
  twice_bound += twice_least_weighted_busy_time(forward) + twice_least_weighted_busy_time(backward);
  return twice_bound > 2 * Wide{makespan} * sum_of_weights;
}

bool CouplingBound::refutes(std::span<const Service> services, Time makespan, int rounds) {
  prepare(services);
  if (coupled_.empty()) return false;
  for (int round = 0; round < rounds; ++round) {
    const double value = value_at_shares();
    if (value > static_cast<double>(makespan) && round_weights(services, makespan)) return true;
    ascend(value, round);
  }
  return false;
}

void CouplingBound::prepare(std::span<const Service> services) {
  coupled_.clear();
  forward_.clear();
  backward_.clear();
  fixed_.clear();
  scale_ = 1;
  load_ = 0;
  for (std::uint32_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    scale_ = std::max(scale_, static_cast<double>(service.path()));
    load_ += static_cast<double>(service.load());
    if (service.forward == 0 || service.backward == 0) continue;
    coupled_.push_back(index);
    forward_.push_back({service.release, service.forward});
    backward_.push_back({service.tail, service.backward});
    fixed_.push_back(static_cast<double>(service.turnaround) + static_cast<double>(service.load()) / 2);
  }
  const auto order_by_release = [this](std::vector<std::uint32_t>& order, const std::vector<Part>& parts) {
    order.resize(coupled_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&parts](std::uint32_t left, std::uint32_t right) {
      return parts[left].release < parts[right].release;
    });
  };
  order_by_release(forward_by_release_, forward_);
  order_by_release(backward_by_release_, backward_);
  logarithm_.assign(coupled_.size(), 0);
  share_.resize(coupled_.size());
  ratio_.resize(coupled_.size());
  left_.resize(coupled_.size());
}

double CouplingBound::value_at_shares() {
  SPLITLANE_ASSERT(!coupled_.empty() && share_.size() == coupled_.size(), coupled_.size(), share_.size());
  const double largest = *std::max_element(logarithm_.begin(), logarithm_.end());
  double sum = 0;
  for (std::size_t index = 0; index < share_.size(); ++index) {
    share_[index] = std::exp(logarithm_[index] - largest) + kSmallestShare;
    sum += share_[index];
  }
  for (double& share : share_) share /= sum;
  virtual_end_ = fixed_;
  add_mean_busy_times(forward_, forward_by_release_);
  add_mean_busy_times(backward_, backward_by_release_);
  return std::inner_product(share_.begin(), share_.end(), virtual_end_.begin(), 0.0);
}

void CouplingBound::add_mean_busy_times(const std::vector<Part>& parts, const std::vector<std::uint32_t>& by_release) {
  for (std::size_t index = 0; index < parts.size(); ++index) {
    ratio_[index] = share_[index] / static_cast<double>(parts[index].work);
    left_[index] = static_cast<double>(parts[index].work);
  }
  const auto less_dense = [this](std::uint32_t left, std::uint32_t right) {
    return ratio_[left] != ratio_[right] ? ratio_[left] < ratio_[right] : left > right;
  };
  waiting_.clear();
  double now = 0;
  for (std::size_t next = 0; next < by_release.size() || !waiting_.empty();) {
    if (waiting_.empty()) now = std::max(now, static_cast<double>(parts[by_release[next]].release));
    for (; next < by_release.size() && static_cast<double>(parts[by_release[next]].release) <= now; ++next) {
      waiting_.push_back(by_release[next]);
      std::push_heap(waiting_.begin(), waiting_.end(), less_dense);
    }
    const std::uint32_t running = waiting_.front();
    double run = left_[running];
    if (next < by_release.size()) run = std::min(run, static_cast<double>(parts[by_release[next]].release) - now);
    virtual_end_[running] += run * (now + run / 2) / static_cast<double>(parts[running].work);
    now += run;
    left_[running] -= run;
    if (left_[running] <= 0) {
      std::pop_heap(waiting_.begin(), waiting_.end(), less_dense);
      waiting_.pop_back();
    }
  }
}

// Services that would end late gain weight, in steps that shrink with the rounds.
void CouplingBound::ascend(double value, int round) {
  const double step = 16 / scale_ / std::sqrt(1 + round / 4.0);
  for (std::size_t index = 0; index < share_.size(); ++index) {
    logarithm_[index] += step * (virtual_end_[index] - value);
  }
}

bool CouplingBound::round_weights(std::span<const Service> services, Time makespan) {
  double largest = 0;
  for (std::size_t index = 0; index < coupled_.size(); ++index) {
    const double product = static_cast<double>(forward_[index].work) * static_cast<double>(backward_[index].work);
    ratio_[index] = share_[index] / product;
    largest = std::max(largest, ratio_[index]);
  }
  const double latest = static_cast<double>(makespan) + 2 * scale_ + load_;
  const double most = std::min(kLargestWeight, kLargestSum * largest / (16 * latest));
  weights_.assign(services.size(), 0);
  for (std::size_t index = 0; index < coupled_.size(); ++index) {
    weights_[coupled_[index]] = std::llround(ratio_[index] / largest * most);
  }
  return coupling_bound_exceeds(services, weights_, makespan);
}

}  // namespace splitlane
