#pragma once

#include <cstdint>

namespace splitlane::training {

/// All that random numbers of a batch may depend on: shuffling, dropout and augmentation are the same whoever computes
/// the batch, and whenever.
struct BatchKey {
  std::uint64_t seed = 0;    ///< of the training
  std::int64_t round = 0;    ///< from 1
  std::uint32_t client = 0;  ///< its position in the instance
  std::int64_t batch = 0;    ///< of the client in the round, from 0
  bool operator==(const BatchKey&) const = default;
};

}  // namespace splitlane::training
