#pragma once

#include <cstdint>
#include <string>

#include "training/limits/processor_limit.hpp"

namespace splitlane::training {

/// What the process of a client or helper may use of this machine from a round on, until a later limit of it gives
/// another share. Cores are those of the whole training: they stand beside round 1.
struct NodeLimit {
  bool is_helper = false;
  std::string node;  ///< id
  std::int64_t from_round = 1;
  ProcessorLimit limit;
  bool operator==(const NodeLimit&) const = default;
};

}  // namespace splitlane::training
