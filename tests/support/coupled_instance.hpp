#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "splitlane/instance/instance_builder.hpp"
#include "support/random.hpp"

namespace splitlane::test {

/// Tasks of 1 to 20 and turnarounds about as long as a helper's whole work: which sets of clients fit together decides.
inline Instance coupled(std::size_t clients, std::size_t helpers, std::uint64_t seed) {
  Random random(seed);
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    builder.add_helper({"h" + std::to_string(helper), std::nullopt, 0});
  }
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    const Time forward = random.between(1, 20);
    const Time backward = random.between(1, 20);
    const auto work = static_cast<Time>(20 * clients / helpers);
    const Time turnaround = random.between(work / 2, work);
    for (std::size_t helper = 0; helper < helpers; ++helper) {
      builder.add_option({HelperIndex(helper), 0, forward, turnaround, 0, backward, 0, 0, std::nullopt, std::nullopt});
    }
  }
  return builder.build();
}

}  // namespace splitlane::test
