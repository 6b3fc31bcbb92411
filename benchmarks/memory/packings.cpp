#include "memory/packings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::benchmark {

namespace {

constexpr Megabytes kCapacity = 4000;
constexpr std::int64_t kLongest = 200;

/// Memory alone: capacities, and demands[client][helper], 0 where the client does not reach the helper.
struct Demands {
  std::vector<Megabytes> capacity;
  std::vector<std::vector<Megabytes>> demand;
};

std::int64_t between(RandomEngine& engine, std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(random_below(engine, static_cast<std::uint64_t>(most - least + 1)));
}

bool chance(RandomEngine& engine, std::int64_t percent) { return between(engine, 0, 99) < percent; }

/// A sum as that many parts of at least 1, of any ratio.
std::vector<Megabytes> parts_of(RandomEngine& engine, Megabytes sum, std::size_t count) {
  std::vector<Megabytes> cuts = {0, sum - static_cast<Megabytes>(count)};
  for (std::size_t part = 1; part < count; ++part) cuts.push_back(between(engine, 0, cuts[1]));
  std::sort(cuts.begin(), cuts.end());
  std::vector<Megabytes> parts;
  for (std::size_t part = 0; part < count; ++part) parts.push_back(cuts[part + 1] - cuts[part] + 1);
  return parts;
}

Instance with_durations(const Demands& demands, RandomEngine& engine) {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < demands.capacity.size(); ++helper) {
    builder.add_helper({fmt::format("h{}", helper), demands.capacity[helper], 0});
  }
  for (std::size_t client = 0; client < demands.demand.size(); ++client) {
    builder.add_client(fmt::format("c{}", client));
    for (std::size_t helper = 0; helper < demands.capacity.size(); ++helper) {
      if (demands.demand[client][helper] == 0) continue;
      OptionSpec spec;
      spec.helper = HelperIndex(helper);
      spec.release = between(engine, 0, kLongest);
      spec.forward = between(engine, 1, kLongest);
      spec.client_forward = between(engine, 0, kLongest);
      spec.client_backward = between(engine, 0, kLongest);
      spec.backward = between(engine, 1, kLongest);
      spec.tail = between(engine, 0, kLongest);
      spec.memory_mb = demands.demand[client][helper];
      builder.add_option(spec);
    }
  }
  return builder.build();
}

void shuffle(std::vector<std::vector<Megabytes>>& rows, RandomEngine& engine) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::swap(rows[row], rows[row + random_below(engine, rows.size() - row)]);
  }
}

}  // namespace

MemoryPuzzle planted_packing(std::uint64_t seed) {
  RandomEngine engine(seed);
  const std::int64_t clients = between(engine, 20, 200);
  const std::int64_t helpers = between(engine, 2, std::min<std::int64_t>(20, clients / 3));
  const std::int64_t fill = chance(engine, 25) ? 1000 : between(engine, 900, 1000);  // thousandths
  const bool is_unlike = chance(engine, 50);
  const bool is_sparse = chance(engine, 40);
  const bool is_varied = chance(engine, 25);
  Demands demands;
  std::vector<std::size_t> served(static_cast<std::size_t>(helpers), 2);
  for (std::int64_t client = 2 * helpers; client < clients; ++client) {
    ++served[random_below(engine, served.size())];
  }
  for (std::size_t helper = 0; helper < served.size(); ++helper) {
    const Megabytes capacity = is_unlike ? between(engine, kCapacity / 2, 2 * kCapacity) : kCapacity;
    demands.capacity.push_back(capacity);
    for (const Megabytes part : parts_of(engine, capacity * fill / 1000, served[helper])) {
      std::vector<Megabytes>& row = demands.demand.emplace_back(served.size(), 0);
      for (std::size_t other = 0; other < served.size(); ++other) {
        if (is_sparse && !chance(engine, 35)) continue;
        row[other] = is_varied ? std::max<Megabytes>(1, part * between(engine, 80, 140) / 100) : part;
      }
      row[helper] = part;
    }
  }
  shuffle(demands.demand, engine);
  return {with_durations(demands, engine),
          fmt::format("{}{}", fill >= 995 ? "99.5 to 100 %" : "90 to 99.4 %", is_varied ? ", demands that vary" : "")};
}

MemoryPuzzle impossible_packing(std::uint64_t seed) {
  RandomEngine engine(seed);
  const auto helpers = static_cast<std::size_t>(between(engine, 3, 12));
  Demands demands;
  demands.capacity.assign(helpers, kCapacity);
  const auto add = [&](Megabytes demand, std::size_t from, std::size_t to) {
    std::vector<Megabytes>& row = demands.demand.emplace_back(helpers, 0);
    std::fill(row.begin() + static_cast<std::ptrdiff_t>(from), row.begin() + static_cast<std::ptrdiff_t>(to), demand);
  };
  std::string kind;
  switch (seed % 5) {
    case 0:
      kind = "full, and 1 MB more";
      for (std::size_t helper = 0; helper < helpers; ++helper) {
        for (const Megabytes part : parts_of(engine, kCapacity, 6)) add(part, 0, helpers);
      }
      for (Megabytes& demand : demands.demand.front()) ++demand;
      break;
    case 1:
      kind = "even demands, odd capacities";
      for (std::size_t helper = 0; helper < helpers; ++helper) {
        ++demands.capacity[helper];
        for (const Megabytes part : parts_of(engine, kCapacity / 2, 6)) add(2 * part, 0, helpers);
      }
      add(2, 0, helpers);
      break;
    case 2:
      kind = "one too many of more than a third";
      for (std::size_t client = 0; client < 2 * helpers + 1; ++client) {
        add(kCapacity / 3 + between(engine, 1, kCapacity / 20), 0, helpers);
      }
      break;
    case 3:
      kind = "some helpers' own clients too large";
      for (std::size_t helper = 0; helper < helpers; ++helper) {
        const std::size_t part_count = helper < 2 ? 5 : 4;
        for (const Megabytes part : parts_of(engine, helper < 2 ? kCapacity : kCapacity * 9 / 10, part_count)) {
          add(part, 0, helper < 2 ? 2 : helpers);
        }
      }
      ++demands.demand.front()[0];
      ++demands.demand.front()[1];
      break;
    default:
      kind = "two helpers that nothing fills";
      // Full in all, and multiples of 40 MB but for two clients of 2020 MB: these do not go together, and whichever
      // helper serves one cannot be filled.
      for (std::size_t helper = 0; helper < helpers; ++helper) {
        const Megabytes first = helper < 2 ? kCapacity / 2 : 40 * between(engine, 27, 37);
        const Megabytes second = 40 * between(engine, 12, 36);
        for (const Megabytes part : {first, second, kCapacity - first - second}) add(part, 0, helpers);
      }
      for (const std::size_t odd : {0, 3}) {
        std::fill(demands.demand[odd].begin(), demands.demand[odd].end(), kCapacity / 2 + 20);
      }
      std::fill(demands.demand[6].begin(), demands.demand[6].end(), demands.demand[6][0] - 40);
      break;
  }
  shuffle(demands.demand, engine);
  return {with_durations(demands, engine), kind};
}

}  // namespace splitlane::benchmark
