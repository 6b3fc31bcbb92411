#pragma once

#include <cstdint>
#include <span>

#include "training/network/state.hpp"

namespace splitlane::training {

/// What one client brings to an average.
struct WeightedState {
  NetworkState state;
  std::int64_t samples = 0;  ///< its weight
};

/// Federated averaging (McMahan et al., AISTATS 2017): the mean of each number over the states, weighted by samples.
/// Sums are of doubles, in the order given, and divided and made floats once at the end: the order of the states
/// decides the last bits, and equal states have themselves as average as long as there are fewer than 2^29 samples in
/// all. Buffers are averaged as parameters are; integers, such as the batches that batch norm has counted, are rounded
/// to the nearest, halves away from zero. Integers beyond 2^53 lose their last digits. Raises kEmpty without states,
/// kOutOfRange for samples below 1, kInconsistent for states that differ in names, types or shapes. Cost O(numbers in
/// all states), and the memory of one state.
NetworkState average(std::span<const WeightedState> states);

}  // namespace splitlane::training
