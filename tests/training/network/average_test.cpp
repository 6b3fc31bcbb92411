#include "training/network/average.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "splitlane/error.hpp"
#include "support/random.hpp"

namespace splitlane::training {
namespace {

template <class Number>
Tensor tensor_of(DataType type, const std::vector<Number>& values) {
  TensorBuffer buffer({type, {static_cast<std::int64_t>(values.size())}});
  std::ranges::copy(values, buffer.values<Number>().begin());
  return std::move(buffer).finished();
}

NetworkState state_of(const std::vector<float>& weights, const std::vector<std::int64_t>& counters) {
  return {{{"weight", tensor_of(DataType::kFloat32, weights)}}, {}, {{"seen", tensor_of(DataType::kInt64, counters)}}};
}

TEST(AverageTest, WeighsBySamplesAndRoundsCounters) {
  const std::vector<WeightedState> states{{state_of({1, -4}, {1, 5}), 1}, {state_of({3, 4}, {2, 7}), 3}};
  const NetworkState mean = average(states);
  // (1 + 3 * 3) / 4 and (-4 + 3 * 4) / 4; (1 + 3 * 2) / 4 = 1.75 and (5 + 3 * 7) / 4 = 6.5 to the nearest integer.
  EXPECT_TRUE(bit_equal(mean, state_of({2.5, 2}, {2, 7})));
}

TEST(AverageTest, EqualStatesAreTheirOwnAverage) {
  splitlane::test::Random random(1);
  std::vector<float> weights(3000);
  for (float& weight : weights) weight = static_cast<float>(random.between(-1'000'000, 1'000'000)) / 7.0F;
  const NetworkState state = state_of(weights, {3});
  const std::vector<WeightedState> states{{state, 17}, {state, 1}, {state, 123'457}};
  EXPECT_TRUE(bit_equal(average(states), state));
}

TEST(AverageTest, SumsAreOfDoublesInTheOrderGiven) {
  // Added as floats, 1 would vanish beside 2^25; as doubles in this order, 2^54 swallows a 1 that comes after it.
  EXPECT_EQ(average(std::vector<WeightedState>{
                {state_of({0x1p25F}, {0}), 1}, {state_of({1}, {0}), 1}, {state_of({-0x1p25F}, {0}), 1}})[0][0]
                .value.values<float>()[0],
            1.0F / 3);
  const WeightedState large{state_of({0x1p54F}, {0}), 1};
  const WeightedState negative{state_of({-0x1p54F}, {0}), 1};
  const WeightedState one{state_of({1}, {0}), 1};
  EXPECT_EQ(average(std::vector{large, one, negative})[0][0].value.values<float>()[0], 0.0F);
  EXPECT_EQ(average(std::vector{large, negative, one})[0][0].value.values<float>()[0], 1.0F / 3);
}

TEST(AverageTest, WhatDoesNotFitIsRefused) {
  const auto code_of = [](const std::vector<WeightedState>& states) {
    try {
      average(states);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kNoneFound;
  };
  EXPECT_EQ(code_of({}), ErrorCode::kEmpty);
  EXPECT_EQ(code_of({{state_of({1}, {1}), 0}}), ErrorCode::kOutOfRange);
  EXPECT_EQ(code_of({{state_of({1}, {1}), 1}, {state_of({1, 2}, {1}), 1}}), ErrorCode::kInconsistent);
  NetworkState renamed = state_of({1}, {1});
  renamed[0][0].name = "bias";
  EXPECT_EQ(code_of({{state_of({1}, {1}), 1}, {renamed, 1}}), ErrorCode::kInconsistent);
}

}  // namespace
}  // namespace splitlane::training
