#pragma once

#include <cstdint>
#include <string>

namespace splitlane::training {

/// An emulated client (with its link) or helper that from a round on takes `factor` times as long as its profile says,
/// until a later slowdown of it says otherwise.
struct Slowdown {
  bool is_helper = false;
  std::string node;  ///< id
  std::int64_t from_round = 1;
  double factor = 1;
  bool operator==(const Slowdown&) const = default;
};

}  // namespace splitlane::training
