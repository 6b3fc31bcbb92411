#pragma once

#include <span>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Shortest completion of one service that has a helper to itself, switch costs included.
Time path_bound(const Service& service, const SwitchRule& rule);

/// Static window bound of one helper (THEORY 1.2): with the coupling dropped, no schedule ends before
/// max over windows (s, t) of s + (work of tasks with head >= s and tail >= t) + t, which equals the makespan of
/// preemptive largest-tail-first. Includes the path bounds. O(n log n).
Time window_bound(std::span<const Service> services, const SwitchRule& rule);

/// A bound on the whole instance that fixes no assignment: the largest of
/// - the path bound max_j min_o path (local options count with their time);
/// - the price bound (THEORY 2.6, C-free form): for weights Lambda_i >= 0 on one window per helper,
///   C >= (sum_j min_o Lambda load + sum_i Lambda_i (s_i + t_i)) / sum Lambda, weights found by tatonnement
///   (THEORY 2.7), the bound itself evaluated in integers.
/// Deterministic; stops improving early when `stop` asks. O(options) per round of at most 120.
Time instance_bound(const Instance& instance, const StopCondition& stop = {});

}  // namespace splitlane
