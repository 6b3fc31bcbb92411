#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/plan/service.hpp"
#include "support/random.hpp"

namespace splitlane::test {

/// What a random instance looks like; each count and each chance is drawn anew per instance.
struct InstanceShape {
  std::int64_t fewest_clients = 1;
  std::int64_t most_clients = 6;
  std::int64_t most_helpers = 4;
  std::int64_t most_options_per_pair = 2;       ///< options of one client on one helper (cut layers)
  Time longest = 9;                             ///< of every duration not named below
  std::optional<Time> longest_wait = {};        ///< of release and tail
  std::optional<Time> longest_turnaround = {};  ///< of client_forward and client_backward together
  Time largest_switch_cost = 3;
  int missing_edge_percent = 25;
  int local_option_percent = 20;
  int zero_length_percent = 15;
  int bounded_memory_percent = 60;  ///< of the instances; in these some helpers remain unbounded
  int switch_cost_percent = 50;     ///< of the instances
  int equal_helper_percent = 0;     ///< of the helpers but the first: copies of an earlier one in everything
};

/// What one random helper and its clients look like.
struct LaneShape {
  std::int64_t fewest_services = 1;
  std::int64_t most_services = 3;
  Time longest_work = 3;
  Time longest_wait = 5;  ///< of release, turnaround and tail
  int zero_length_percent = 15;
};

inline Time random_work(Random& random, Time longest, int zero_length_percent) {
  return random.percent(zero_length_percent) ? 0 : random.between(1, longest);
}

inline std::vector<Service> random_services(Random& random, const LaneShape& shape) {
  std::vector<Service> services(static_cast<std::size_t>(random.between(shape.fewest_services, shape.most_services)));
  for (Service& service : services) {
    service.release = random.between(0, shape.longest_wait);
    service.forward = random_work(random, shape.longest_work, shape.zero_length_percent);
    service.turnaround = random.between(0, shape.longest_wait);
    service.backward = random_work(random, shape.longest_work, shape.zero_length_percent);
    service.tail = random.between(0, shape.longest_wait);
  }
  return services;
}

/// A rule without cost, one that occupies the lane, or one that charges the client, all equally likely.
inline SwitchRule random_switch_rule(Random& random, Time largest_cost) {
  switch (random.between(0, 2)) {
    case 0: return {};
    case 1: return {SwitchModel::kOccupy, random.between(1, largest_cost)};
    default: return {SwitchModel::kCharge, random.between(1, largest_cost)};
  }
}

namespace random_instance_detail {

/// Entry h: the first helper that helper h is equal to; h itself when it is like none before it.
inline std::vector<std::size_t> add_helpers(InstanceBuilder& builder, Random& random, const InstanceShape& shape,
                                            std::int64_t clients) {
  const std::int64_t count = random.between(1, shape.most_helpers);
  const bool bounded = random.percent(shape.bounded_memory_percent);
  const bool costly = random.percent(shape.switch_cost_percent);
  std::vector<HelperSpec> specs;
  std::vector<std::size_t> originals;
  for (std::int64_t helper = 0; helper < count; ++helper) {
    HelperSpec spec;
    std::size_t original = specs.size();
    if (helper > 0 && shape.equal_helper_percent > 0 && random.percent(shape.equal_helper_percent)) {
      original = originals[static_cast<std::size_t>(random.between(0, helper - 1))];
      spec = specs[original];
    } else {
      // Demands below average 2.5 a client: half to twice of what an even split needs, so memory binds often and
      // sometimes leaves no plan at all.
      const Megabytes even_split = (5 * clients) / (2 * count) + 1;
      if (bounded && !random.percent(20)) spec.memory_mb = random.between(even_split / 2, 2 * even_split);
      if (costly) spec.switch_cost = random.between(0, shape.largest_switch_cost);
    }
    const std::string id = "h" + std::to_string(helper);
    spec.id = id;
    builder.add_helper(spec);
    specs.push_back(spec);
    originals.push_back(original);
  }
  return originals;
}

inline std::vector<OptionSpec> random_options(Random& random, const InstanceShape& shape) {
  const Time longest_wait = shape.longest_wait.value_or(shape.longest);
  const Time longest_turnaround = shape.longest_turnaround.value_or(shape.longest);
  std::vector<OptionSpec> specs(static_cast<std::size_t>(random.between(1, shape.most_options_per_pair)));
  for (OptionSpec& spec : specs) {
    spec.release = random.between(0, longest_wait);
    spec.forward = random_work(random, shape.longest, shape.zero_length_percent);
    spec.client_forward = random.between(0, longest_turnaround / 2);
    spec.client_backward = random.between(0, longest_turnaround / 2);
    spec.backward = random_work(random, shape.longest, shape.zero_length_percent);
    spec.tail = random.between(0, longest_wait);
    spec.memory_mb = random.between(0, 5);
  }
  return specs;
}

}  // namespace random_instance_detail

/// The instance of a seed: the same on every machine.
inline Instance random_instance(std::uint64_t seed, const InstanceShape& shape) {
  Random random(seed);
  InstanceBuilder builder;
  const std::int64_t clients = random.between(shape.fewest_clients, shape.most_clients);
  builder.set_switch_model(random.percent(50) ? SwitchModel::kOccupy : SwitchModel::kCharge);
  const std::vector<std::size_t> originals = random_instance_detail::add_helpers(builder, random, shape, clients);
  for (std::int64_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    // One helper that surely serves this client, so that it has an option at all.
    const std::size_t sure =
        originals[static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(originals.size()) - 1))];
    std::vector<std::vector<OptionSpec>> specs(originals.size());
    for (std::size_t helper = 0; helper < originals.size(); ++helper) {
      if (originals[helper] != helper) {
        specs[helper] = specs[originals[helper]];
      } else if (helper == sure || !random.percent(shape.missing_edge_percent)) {
        specs[helper] = random_instance_detail::random_options(random, shape);
      }
      for (OptionSpec& spec : specs[helper]) {
        spec.helper = HelperIndex(helper);
        builder.add_option(spec);
      }
    }
    if (random.percent(shape.local_option_percent)) {
      LocalOptionSpec spec;
      spec.local = random.between(0, 6 * shape.longest);
      builder.add_local_option(spec);
    }
  }
  return builder.build();
}

}  // namespace splitlane::test
