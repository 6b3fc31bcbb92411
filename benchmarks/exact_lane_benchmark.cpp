// How far the exact scheduler of one helper gets on families of helpers (docs/how_it_works.md#how-hard-it-is): 30 of
// each family and size.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "splitlane/schedule/exact.hpp"

namespace splitlane::benchmarks {

namespace {

constexpr int kHelpers = 30;
constexpr Time kLongestWork = 50;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  Time between(Time lowest, Time highest) {
    return lowest + static_cast<Time>(random_below(engine_, static_cast<std::uint64_t>(highest - lowest + 1)));
  }

 private:
  RandomEngine engine_;
};

Time draw_work(std::vector<Service>& services, Draw& draw) {
  Time load = 0;
  for (Service& service : services) {
    service.forward = draw.between(1, kLongestWork);
    service.backward = draw.between(1, kLongestWork);
    load += service.load();
  }
  return load;
}

std::vector<Service> uniform(std::size_t count, Draw& draw) {
  std::vector<Service> services(count);
  draw_work(services, draw);
  for (Service& service : services) {
    service.release = draw.between(0, kLongestWork);
    service.turnaround = draw.between(0, kLongestWork);
    service.tail = draw.between(0, kLongestWork);
  }
  return services;
}

std::vector<Service> tight(std::size_t count, Draw& draw) {
  std::vector<Service> services(count);
  const Time load = draw_work(services, draw);
  for (Service& service : services) {
    service.release = draw.between(0, load / 2);
    service.turnaround = draw.between(0, load);
    service.tail = draw.between(0, load / 2);
  }
  return services;
}

// All forwards before all backwards.
std::vector<Service> separated(std::size_t count, Draw& draw) {
  std::vector<Service> services(count);
  const Time load = draw_work(services, draw);
  for (Service& service : services) service.turnaround = draw.between(load, 2 * load);
  return services;
}

std::vector<Service> flow(std::size_t count, Draw& draw) {
  std::vector<Service> services(count);
  const Time load = draw_work(services, draw);
  for (Service& service : services) service.turnaround = draw.between(load / 2, load);
  return services;
}

std::vector<Service> unit(std::size_t count, Draw& draw) {
  const auto clients = static_cast<Time>(count);
  std::vector<Service> services(count);
  for (Service& service : services) {
    service = {draw.between(0, clients), 1, draw.between(0, 2 * clients), 1, draw.between(0, clients)};
  }
  return services;
}

std::vector<Service> unit_flow(std::size_t count, Draw& draw) {
  const auto clients = static_cast<Time>(count);
  std::vector<Service> services(count);
  for (Service& service : services) service = {0, 1, clients + draw.between(0, clients), 1, 0};
  return services;
}

// docs/how_it_works.md#how-hard-it-is, Theorem B: items of a partition, most of them then changed by one in pairs, and
// the separators.
std::vector<Service> three_partition(std::size_t count, Draw& draw) {
  constexpr Time kBin = 100;
  const std::size_t bins = count / 4;
  const Time stretch = 2 * kBin;
  const Time turnaround = static_cast<Time>(bins) * stretch;
  const Time makespan = turnaround + kBin + turnaround;
  std::vector<Service> services;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const Time first = draw.between(28, 38);
    const Time second = draw.between(28, 33);
    for (const Time work : {first, second, kBin - first - second}) services.push_back({0, work, turnaround, work, 0});
  }
  for (std::size_t pair = 0; pair + 1 < services.size(); pair += 2) {
    const Time change = draw.between(-1, 1);
    services[pair].forward += change;
    services[pair + 1].forward -= change;
    services[pair].backward = services[pair].forward;
    services[pair + 1].backward = services[pair + 1].forward;
  }
  for (Time bin = 1; bin < static_cast<Time>(bins); ++bin) {
    services.push_back({bin * stretch, kBin, turnaround, kBin, makespan - (bin + 1) * stretch - turnaround});
  }
  return services;
}

struct Family {
  const char* name;
  std::vector<Service> (*draw)(std::size_t, Draw&);
};
constexpr std::array kFamilies = {
    Family{"uniform", uniform}, Family{"tight", tight},         Family{"sep", separated},        Family{"flow", flow},
    Family{"unit", unit},       Family{"unit_flow", unit_flow}, Family{"3part", three_partition}};

void find_optimal_lane(benchmark::State& state, const Family& family, bool preemptive) {
  std::vector<std::vector<Service>> helpers;
  for (int seed = 0; seed < kHelpers; ++seed) {
    Draw draw(static_cast<std::uint64_t>(seed));
    helpers.push_back(family.draw(static_cast<std::size_t>(state.range(0)), draw));
  }
  ExactLaneParameters parameters;
  parameters.preemptive = preemptive;
  double proven = 0;
  double gap = 0;
  std::size_t solved = 0;
  for (auto iteration : state) {
    const LaneOptimum optimum = optimal_lane(helpers[solved++ % helpers.size()], {}, parameters);
    proven += optimum.lower_bound == optimum.makespan ? 1 : 0;
    gap += static_cast<double>(optimum.makespan - optimum.lower_bound) / static_cast<double>(optimum.makespan);
  }
  state.counters["proven_percent"] = 100 * proven / static_cast<double>(solved);
  state.counters["gap_percent"] = 100 * gap / static_cast<double>(solved);
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const bool preemptive : {true, false}) {
    for (const Family& family : kFamilies) {
      const std::string name = std::string("schedule/exact/") + (preemptive ? "" : "non_preemptive/") + family.name;
      benchmark::RegisterBenchmark(name.c_str(), find_optimal_lane, family, preemptive)
          ->ArgsProduct({preemptive ? std::vector<std::int64_t>{6, 10, 20, 40} : std::vector<std::int64_t>{6, 10}})
          ->Iterations(kHelpers)
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace

}  // namespace splitlane::benchmarks
