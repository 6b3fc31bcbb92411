#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace splitlane::training {

/// What random numbers are drawn for; streams of different purposes have nothing in common.
enum class RandomPurpose : std::uint32_t {
  kTestSplit = 1,
  kSampleChoice,
  kPartition,
  kBatchOrder,
  kAugmentation,
  kPatterns,
  kTrainingNoise,
  kTestNoise,
};

/// An engine for this purpose and these keys alone. Both the engine and how it is seeded are fixed by the C++ standard.
/// Cost some microseconds.
template <class... Keys>
RandomEngine keyed_engine(RandomPurpose purpose, std::uint64_t seed, Keys... keys) {
  const std::array<std::uint64_t, 2 + sizeof...(keys)> all = {static_cast<std::uint64_t>(purpose), seed,
                                                              static_cast<std::uint64_t>(keys)...};
  std::array<std::uint32_t, 2 * all.size()> words{};
  for (std::size_t at = 0; at < all.size(); ++at) {
    words[2 * at] = static_cast<std::uint32_t>(all[at]);
    words[2 * at + 1] = static_cast<std::uint32_t>(all[at] >> 32U);
  }
  std::seed_seq sequence(words.begin(), words.end());
  return RandomEngine(sequence);
}

/// Any order of the values, each as likely (Fisher and Yates).
template <class Value>
void shuffle(std::vector<Value>& values, RandomEngine& engine) {
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[random_below(engine, left)]);
  }
}

}  // namespace splitlane::training
