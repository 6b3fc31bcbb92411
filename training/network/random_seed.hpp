#pragma once

#include <cstdint>

#include "training/network/part.hpp"

namespace splitlane::training {

/// Seeds of all random numbers of the networks, one a layer, so that none depends on who computes what when.

/// One step of SplitMix64 (Steele et al., OOPSLA 2014) from `seed`, which `value` was added to.
constexpr std::uint64_t mixed_seed(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t mixed = (seed ^ value * 0xD1B54A32D192ED03U) + 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

/// Of a layer's weights to begin with.
constexpr std::uint64_t weight_seed(std::uint64_t seed, std::int32_t layer) {
  return mixed_seed(mixed_seed(seed, 0), static_cast<std::uint64_t>(layer));
}

/// Of what a layer draws for one batch.
constexpr std::uint64_t batch_seed(const BatchKey& key, std::int32_t layer) {
  std::uint64_t mixed = mixed_seed(key.seed, static_cast<std::uint64_t>(key.round));
  mixed = mixed_seed(mixed, key.client);
  mixed = mixed_seed(mixed, static_cast<std::uint64_t>(key.batch));
  return mixed_seed(mixed, static_cast<std::uint64_t>(layer));
}

}  // namespace splitlane::training
