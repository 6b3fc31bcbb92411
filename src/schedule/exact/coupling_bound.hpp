#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane {

/// The coupling bound (docs/how_it_works.md#the-coupling-bound): for weights w >= 0, mean busy times M of the forward
/// tasks from the start and of the backward tasks from the end give C * sum w >= sum w (M_forward + M_backward + a + (p
/// + p') / 2), where the schedules that minimise sum w M put the largest w / p first. Reusable; O(n log n) for each
/// choice of weights.
class CouplingBound {
 public:
  /// Looks for weights that prove the makespan infeasible, by multiplicative ascent; at most `rounds` of them. True if
  /// found, and then `weights` prove it exactly, in integers. Services without both tasks have no weight.
  bool refutes(std::span<const Service> services, Time makespan, int rounds);

  /// As in LaneProofStep::kCoupling.
  const std::vector<std::int64_t>& weights() const { return weights_; }

 private:
  struct Part {
    Time release;
    Time work;
  };

  void prepare(std::span<const Service> services);
  double value_at_shares();
  void add_mean_busy_times(const std::vector<Part>& parts, const std::vector<std::uint32_t>& by_release);
  void ascend(double value, int round);
  bool round_weights(std::span<const Service> services, Time makespan);

  std::vector<std::uint32_t> coupled_;  // the services with both tasks
  std::vector<Part> forward_;           // of these
  std::vector<Part> backward_;          // from the end of the batch
  std::vector<std::uint32_t> forward_by_release_;
  std::vector<std::uint32_t> backward_by_release_;
  std::vector<double> fixed_;        // a + (p + p') / 2
  std::vector<double> logarithm_;    // of the unnormalised shares
  std::vector<double> share_;        // w, adding up to 1
  std::vector<double> virtual_end_;  // the subgradient: M_forward + M_backward + fixed
  std::vector<double> ratio_;
  std::vector<std::uint32_t> waiting_;
  std::vector<double> left_;
  double scale_ = 1;  // the longest path
  double load_ = 0;
  std::vector<std::int64_t> weights_;
};

/// True when the bound with these weights exceeds the makespan: exact, and false where the numbers are too large for
/// 128 bits.
bool coupling_bound_exceeds(std::span<const Service> services, std::span<const std::int64_t> weights, Time makespan);

}  // namespace splitlane
