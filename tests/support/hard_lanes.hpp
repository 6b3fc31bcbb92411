#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "splitlane/plan/service.hpp"
#include "support/random.hpp"

namespace splitlane::test {

/// A flow shop: no releases or tails, turnarounds of the order of all work.
inline std::vector<Service> flow_services(Random& random, std::size_t count, Time longest_work) {
  std::vector<Service> services(count);
  Time load = 0;
  for (Service& service : services) {
    service.forward = random.between(1, longest_work);
    service.backward = random.between(1, longest_work);
    load += service.load();
  }
  for (Service& service : services) service.turnaround = random.between(load / 3, load);
  return services;
}

/// F2 | l_j, p = 1 | Cmax on one lane (docs/how_it_works.md#how-hard-it-is, Theorem A).
inline std::vector<Service> unit_flow_services(Random& random, std::size_t count) {
  const auto clients = static_cast<Time>(count);
  std::vector<Service> services(count);
  for (Service& service : services) service = {0, 1, clients + random.between(0, clients), 1, 0};
  return services;
}

/// docs/how_it_works.md#how-hard-it-is, Theorem B, with two bins of 20 and six items of 6 to 9: fits by `makespan`
/// exactly when `is_partition`.
struct PartitionGadget {
  static constexpr Time kBin = 20;
  static constexpr Time kBins = 2;

  std::vector<Service> services;
  Time makespan = 0;
  bool is_partition = false;

  explicit PartitionGadget(Random& random) {
    std::vector<Time> items(6);
    Time sum = 0;
    while (sum != kBins * kBin) {
      sum = 0;
      for (Time& item : items) sum += item = random.between(6, 9);
    }
    const Time stretch = 2 * kBin;
    const Time turnaround = kBins * stretch;
    makespan = kBins * stretch + kBin + turnaround;
    for (const Time item : items) services.push_back({0, item, turnaround, item, 0});
    for (Time bin = 0; bin < kBins; ++bin) {
      services.push_back({bin * stretch, kBin, turnaround, kBin, makespan - (bin + 1) * stretch - turnaround});
    }
    for (std::size_t second = 1; second < 6; ++second) {
      for (std::size_t third = second + 1; third < 6; ++third) {
        is_partition = is_partition || items[0] + items[second] + items[third] == kBin;
      }
    }
  }
};

}  // namespace splitlane::test
