#include "training/network/tensor_memory.hpp"

#include <gtest/gtest.h>

#include "training/network/support.hpp"

namespace splitlane::training {
namespace {

TEST(TensorMemoryTest, HoldsWhatLayersKeepAndNothingOnceThePartIsGone) {
  set_layer_threads(1);
  const auto network = make_described_network(test::small_network());
  const NetworkState weights = network->initial_state(0);
  const test::Batch batch = test::random_batch(*network, 4, 1);
  std::int64_t weight_bytes = 0;
  for (const Layer& layer : network->model().layers) weight_bytes += layer.weight_bytes;
  const TensorMemory memory;
  {
    const auto part = network->make_part(1, network->model().layer_count(), {.kind = Optimizer::kSgd});
    part->load(weights);
    EXPECT_EQ(memory.held(), weight_bytes);
    part->begin_forward({.round = 1}, 0, batch.samples);
    for (const Layer& layer : network->model().layers) {
      const std::int64_t before = memory.held();
      part->forward_layer();
      // Its output at least; float32, 4 samples.
      EXPECT_GE(memory.held() - before, 4 * layer.activation_bytes) << layer.name;
    }
    part->score(batch.labels);
    const std::int64_t most = memory.held();
    for (std::int32_t layer = 0; layer < network->model().layer_count(); ++layer) part->backward_layer();
    EXPECT_LT(memory.held(), most);
    EXPECT_GE(memory.peak(), most);
  }
  EXPECT_EQ(memory.held(), 0);
}

TEST(TensorMemoryTest, CountsNothingOfAnotherCounter) {
  set_layer_threads(1);
  const auto network = make_described_network(test::small_network());
  const NetworkState weights = network->initial_state(0);
  for (int time = 0; time < 2; ++time) {
    const TensorMemory memory;
    EXPECT_EQ(memory.peak(), 0);
    const auto part = network->make_part(1, 2, {});
    part->load(std::span(weights).first(2));
    EXPECT_GT(memory.peak(), 0);
  }
}

}  // namespace
}  // namespace splitlane::training
