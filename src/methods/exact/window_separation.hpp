#pragma once

#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// A column that a fractional solution uses, and how much of it.
struct WeightedService {
  Service plain;
  double weight;
};

/// The steps of a window row (see PricedRow) that a fractional solution violates, and by how much.
struct ViolatedWindow {
  double violation;
  std::vector<Time> heads;
  std::vector<Time> tails;
};

/// Keeps the `most` worst, worst first, each pair of heads and tails once.
void keep_worst(std::vector<ViolatedWindow>& windows, std::size_t most);

/// The plain windows whose load exceeds makespan - head - tail + excess by more than `tolerance`; for each tail only
/// the worst head. Most violated first, at most `most`. O(n^2) for n services of one helper; throws Stopped.
std::vector<ViolatedWindow> violated_windows(std::span<const WeightedService> services, Time makespan, double excess,
                                             double tolerance, std::size_t most, const StopCondition& stop);

/// The same for lifted windows (docs/how_it_works.md#rows): a head or tail is lifted as long as the weights of the
/// clients below the next step add up to less than 1. O(n^3); throws Stopped.
std::vector<ViolatedWindow> violated_lifted_windows(std::span<const WeightedService> services, Time makespan,
                                                    double excess, double tolerance, std::size_t most,
                                                    const StopCondition& stop);

}  // namespace splitlane::exact
