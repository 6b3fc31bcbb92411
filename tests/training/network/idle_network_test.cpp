#include <gtest/gtest.h>

#include <cmath>

#include "splitlane/error.hpp"
#include "training/network/support.hpp"

namespace splitlane::training {
namespace {

std::shared_ptr<const Network> idle_vgg() { return make_idle_network(build_architecture("vgg19"), {3, 32, 32}, 10); }

TEST(IdleNetworkTest, HandsOnTensorsOfTheModelsSizes) {
  const auto network = idle_vgg();
  const std::int64_t samples = 32;
  test::SplitTraining client(network, {3, 23}, {});
  client.load(network->initial_state(0));
  const test::Batch batch = test::random_batch(*network, samples, 1);
  for (const auto& step : client.steps({}, 0.1, batch)) step();
  // Guessing one of ten.
  EXPECT_DOUBLE_EQ(client.scores().front().loss, std::log(10.0));
  EXPECT_EQ(client.scores().front().samples, samples);

  const auto part = network->make_part(4, 23, {});
  const Model vgg = build_architecture("vgg19");
  part->begin_forward({}, 0, TensorBuffer(network->activation(3, samples)).finished());
  EXPECT_EQ(static_cast<std::int64_t>(part->output().bytes().size()), samples * vgg.layers[22].activation_bytes);
  part->begin_backward(part->output());
  EXPECT_EQ(static_cast<std::int64_t>(part->input_gradient().bytes().size()), samples * vgg.layers[2].activation_bytes);
}

TEST(IdleNetworkTest, TensorsOfOneSizeShareTheirZeros) {
  const auto network = idle_vgg();
  const auto one = network->make_part(1, 3, {});
  const auto other = network->make_part(1, 3, {});
  const Tensor samples = TensorBuffer(network->activation(0, 4)).finished();
  one->begin_forward({}, 0, samples);
  other->begin_forward({}, 0, samples);
  EXPECT_EQ(one->output().data(), other->output().data());
  for (const float value : one->output().values<float>()) ASSERT_EQ(value, 0.0F);
}

TEST(IdleNetworkTest, WeightsAreNamedAndEmpty) {
  const auto network = idle_vgg();
  std::size_t bytes = 0;
  std::size_t named = 0;
  for (const LayerState& layer : network->initial_state(3)) {
    for (const NamedTensor& entry : layer) bytes += entry.value.bytes().size();
    named += layer.size();
  }
  EXPECT_EQ(bytes, 0U);
  EXPECT_EQ(named, 19U) << "16 convolutions and 3 linear layers";
}

TEST(IdleNetworkTest, WrongSizesAreRefused) {
  EXPECT_THROW(make_idle_network(build_architecture("vgg19"), {1, 28, 28}, 10), Error);
  const auto part = idle_vgg()->make_part(1, 3, {});
  EXPECT_THROW(part->begin_forward({}, 0, TensorBuffer({DataType::kFloat32, {4, 3, 32}}).finished()), Error);
  EXPECT_THROW(idle_vgg()->make_part(0, 3, {}), Error);
}

}  // namespace
}  // namespace splitlane::training
