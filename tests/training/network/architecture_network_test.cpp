#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "splitlane/error.hpp"
#include "training/network/support.hpp"

namespace splitlane::training {
namespace {

using test::Batch;

std::int64_t bytes_of(const LayerState& state) {
  return std::accumulate(state.begin(), state.end(), std::int64_t{0}, [](std::int64_t sum, const NamedTensor& entry) {
    return sum + static_cast<std::int64_t>(entry.value.bytes().size());
  });
}

class ArchitectureNetworkTest : public testing::TestWithParam<std::string> {};

TEST_P(ArchitectureNetworkTest, RealTensorsHaveTheSizesOfTheProfile) {
  set_layer_threads(1);
  const Model profile = build_architecture(GetParam());
  const auto network = make_architecture_network(GetParam(), std::nullopt, std::nullopt);
  ASSERT_EQ(network->model().layer_count(), profile.layer_count());
  const NetworkState state = network->initial_state(0);
  const std::int64_t samples = 2;  // batch norm needs two where the image has one pixel
  Tensor value = test::random_batch(*network, samples, 1).samples;
  EXPECT_EQ(static_cast<std::int64_t>(value.bytes().size()), samples * profile.input_bytes);
  for (std::int32_t layer = 1; layer <= profile.layer_count(); ++layer) {
    const auto at = static_cast<std::size_t>(layer) - 1;
    const Layer& figures = profile.layers[at];
    EXPECT_EQ(network->model().layers[at].name, figures.name);
    const auto part = network->make_part(layer, layer, {});
    part->load(std::span(state).subspan(at, 1));
    part->begin_forward({}, 0, value);
    part->forward_layer();
    value = part->output();
    EXPECT_EQ(static_cast<std::int64_t>(value.bytes().size()), samples * figures.activation_bytes) << figures.name;
    EXPECT_EQ(value.descriptor(), network->activation(layer, samples)) << figures.name;
    EXPECT_EQ(bytes_of(state[at]), figures.weight_bytes) << figures.name;
  }
}

INSTANTIATE_TEST_SUITE_P(AllNames, ArchitectureNetworkTest, testing::ValuesIn(architecture_names()),
                         [](const auto& instance) { return instance.param; });

TEST(ArchitectureNetworkTest, ClassesAndSampleAreReplaced) {
  const auto network = make_architecture_network("resnet20", 7, Shape{1, 8, 8});
  EXPECT_EQ(network->classes(), 7);
  EXPECT_EQ(network->activation(0, 5), (TensorDescriptor{DataType::kFloat32, {5, 1, 8, 8}}));
  EXPECT_EQ(network->activation(12, 5), (TensorDescriptor{DataType::kFloat32, {5, 7}}));
  const Batch batch = test::random_batch(*network, 5, 1);
  EXPECT_EQ(network->evaluate(network->initial_state(0), batch.samples, batch.labels).samples, 5);
}

TEST(ArchitectureNetworkTest, UnknownNamesAndSamplesTooSmallAreRefused) {
  EXPECT_THROW(make_architecture_network("alexnet", std::nullopt, std::nullopt), Error);
  // Five poolings halve 8 x 8 to nothing.
  EXPECT_THROW(make_architecture_network("vgg11", std::nullopt, Shape{3, 8, 8}), Error);
  EXPECT_THROW(make_architecture_network("resnet20", 1, std::nullopt), Error);
  EXPECT_THROW(make_architecture_network("resnet20", 2, std::nullopt)->make_part(3, 13, {}), Error);
}

TEST(ArchitectureNetworkTest, WeightsBeginAsPyTorchsDefaultsAndDependOnSeedAndLayerAlone) {
  const auto network = make_architecture_network("resnet20", std::nullopt, std::nullopt);
  const NetworkState state = network->initial_state(5);
  EXPECT_TRUE(bit_equal(state, network->initial_state(5)));
  EXPECT_FALSE(bit_equal(state, network->initial_state(6)));
  // block1_1 and block1_2 have the same shapes, and other numbers.
  EXPECT_FALSE(bit_equal(state[1][0].value, state[2][0].value));
  // Uniform within 1 / sqrt(3 * 3 * 3) in conv1: the largest of 432 is within 2 % of that but once in 6,000.
  const std::span<const float> weights = state[0][0].value.values<float>();
  EXPECT_EQ(state[0][0].name, "0.weight");
  const double bound = 1 / std::sqrt(27.0);
  const double largest = *std::ranges::max_element(weights);
  EXPECT_LE(largest, bound);
  EXPECT_GT(largest, 0.98 * bound);
  // Its norm begins as the identity.
  EXPECT_EQ(state[0][1].value.values<float>()[0], 1.0F);
  EXPECT_EQ(state[0][2].value.values<float>()[0], 0.0F);
  EXPECT_EQ(state[0][5].name, "1.num_batches_tracked");
  EXPECT_EQ(state[0][5].value.values<std::int64_t>()[0], 0);
}

}  // namespace
}  // namespace splitlane::training
