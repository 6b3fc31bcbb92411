#include "training/aggregator/expected_weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/error.hpp"

namespace splitlane::training {
namespace {

using ::testing::HasSubstr;

NamedTensor named(const std::string& name, std::vector<std::int64_t> shape) {
  return {name, TensorBuffer({DataType::kFloat32, std::move(shape)}).finished()};
}

/// Three layers, the second without weights.
NetworkState three_layers() { return {{named("weight", {4, 3}), named("bias", {4})}, {}, {named("weight", {2, 4})}}; }

template <class Act>
std::string refused(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::string weights_refused(std::int32_t first, NetworkState layers) {
  const ExpectedWeights expected(three_layers());
  PartWeights weights;
  weights.first_layer = first;
  weights.layers = std::move(layers);
  return refused([&] { expected.require(weights); });
}

TEST(ExpectedWeightsTest, EveryPartOfTheNetworkIsTaken) {
  for (std::int32_t first = 1; first <= 3; ++first) {
    for (std::int32_t last = first; last <= 3; ++last) {
      const NetworkState all = three_layers();
      const ExpectedWeights expected(all);
      PartWeights weights;
      weights.first_layer = first;
      weights.layers.assign(all.begin() + first - 1, all.begin() + last);
      EXPECT_NO_THROW(expected.require(weights));
    }
  }
}

TEST(ExpectedWeightsTest, OtherWeightsAreRefusedByTheirLayer) {
  EXPECT_THAT(weights_refused(3, {{named("weight", {4, 2})}}),
              HasSubstr("weights of layer 3: not those of the network"));
  EXPECT_THAT(weights_refused(3, {{named("bias", {2, 4})}}),
              HasSubstr("got bias float32 [2, 4], expected weight float32"));
  EXPECT_THAT(weights_refused(1, {{named("weight", {4, 3})}}), HasSubstr("weights of layer 1: number of tensors"));
  EXPECT_THAT(weights_refused(3, {{named("weight", {2, 4})}, {}}), HasSubstr("expected layers of the network"));
  EXPECT_THAT(weights_refused(5, {}), HasSubstr("expected layers of the network"));
}

TEST(ExpectedWeightsTest, NoRoomIsMadeForWhatIsLargerThanTheNetwork) {
  const ExpectedWeights expected(three_layers());
  expected.require_room(PartWeights{}, {DataType::kFloat32, {12}});  // 4 x 3, the largest
  EXPECT_THAT(refused([&] {
                expected.require_room(PartWeights{}, {DataType::kFloat32, {13}});
              }),
              HasSubstr("at most 48 bytes"));
  EXPECT_THAT(refused([&] {
                expected.require_room(BatchTensor{}, {DataType::kFloat32, {1}});
              }),
              HasSubstr("expected weights"));
}

}  // namespace
}  // namespace splitlane::training
