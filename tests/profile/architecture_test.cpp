#include "splitlane/profile/architecture.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <variant>

#include "profile/support.hpp"

namespace splitlane {
namespace {

std::int64_t total(const Model& model, std::int64_t Layer::*figure) {
  return std::accumulate(model.layers.begin(), model.layers.end(), std::int64_t{0},
                         [figure](std::int64_t sum, const Layer& layer) { return sum + layer.*figure; });
}

TEST(ArchitectureTest, PapersNetworksHaveThePapersNumberOfLayers) {
  EXPECT_EQ(build_architecture("resnet101").layer_count(), 37);  // Sec. VII
  EXPECT_EQ(build_architecture("vgg19").layer_count(), 25);
  EXPECT_EQ(build_architecture("resnet101_mnist").layer_count(), 37);
  EXPECT_EQ(build_architecture("vgg19_mnist").layer_count(), 25);
}

TEST(ArchitectureTest, ParametersOfTheClassicNetworksAreThePublishedOnes) {
  // torchvision's counts for 1000 classes. weight_bytes has 4 bytes a parameter, and for every batch norm two buffers
  // of a float a channel and a counter of 8 bytes: 20 of them with 4,800 channels in ResNet-18, 53 with 26,560 in
  // ResNet-50, 52 with 17,056 in MobileNetV2, none in VGG-11.
  const auto bytes = [](std::int64_t parameters, std::int64_t norms, std::int64_t channels) {
    return 4 * parameters + 8 * channels + 8 * norms;
  };
  EXPECT_EQ(total(build_architecture("resnet18_imagenet"), &Layer::weight_bytes), bytes(11'689'512, 20, 4'800));
  EXPECT_EQ(total(build_architecture("resnet50_imagenet"), &Layer::weight_bytes), bytes(25'557'032, 53, 26'560));
  EXPECT_EQ(total(build_architecture("mobilenetv2_imagenet"), &Layer::weight_bytes), bytes(3'504'872, 52, 17'056));
  EXPECT_EQ(total(build_architecture("vgg11_imagenet"), &Layer::weight_bytes), bytes(132'863'336, 0, 0));
}

TEST(ArchitectureTest, FirstConvolutionIsCountedByHand) {
  // 3x32x32 -> 64x16x16 by 7x7: 64 * 3 * 49 = 9,408 weights, each used at 256 places, twice a FLOP, and 16,384 biases.
  const Layer layer = build_architecture("resnet101").layers.front();
  EXPECT_EQ(layer.forward_flops, 2 * 9'408 * 256 + 16'384);
  EXPECT_EQ(layer.backward_flops, layer.forward_flops) << "nobody needs the gradient of the data";
  EXPECT_EQ(layer.weight_bytes, 4 * (9'408 + 64));
  EXPECT_EQ(layer.activation_bytes, 4 * 64 * 16 * 16);
}

TEST(ArchitectureTest, ResidualBlockKeepsItsShortcut) {
  // block2_1: 64x8x8 -> 128x4x4 by 3x3 (73,728 weights) and 3x3 (147,456), 3x3 across (73,728); three norms of 128.
  const Layer block = build_architecture("resnet101").layers[5];
  EXPECT_EQ(block.weight_bytes, 4 * (73'728 + 147'456 + 73'728) + 3 * (4 * 4 * 128 + 8));
  EXPECT_EQ(block.activation_bytes, 4 * 128 * 4 * 4);
}

TEST(ArchitectureTest, ActivationsOfEveryLayerLeadToTheNext) {
  for (const std::string& name : architecture_names()) {
    const Model model = build_architecture(name);
    EXPECT_NO_THROW(validate(model)) << name;
    for (const Layer& layer : model.layers) EXPECT_GT(layer.activation_bytes, 0) << name << " " << layer.name;
    const std::int64_t classes = name.ends_with("imagenet") ? 1000 : 10;
    EXPECT_EQ(model.layers.back().activation_bytes, 4 * classes) << name;
  }
}

TEST(ArchitectureTest, ResNetsForCifarHaveThePublishedParameters) {
  // He et al.'s ResNet-20 with 1x1 shortcuts: 272,474 parameters. Its 21 norms have 7 * (16 + 32 + 64) = 784 channels:
  // two in each of three blocks, and one of the stem or the shortcut.
  EXPECT_EQ(build_architecture("resnet20").layer_count(), 12);
  EXPECT_EQ(total(build_architecture("resnet20"), &Layer::weight_bytes), 4 * 272'474 + 8 * 784 + 8 * 21);
  // conv1 432, blocks 4,608, 13,824 + 512 and 55,296 + 2,048, nine norms of 336 channels in all (twice each), 650 at
  // the end.
  EXPECT_EQ(build_architecture("resnet8").layer_count(), 6);
  EXPECT_EQ(total(build_architecture("resnet8"), &Layer::weight_bytes), 4 * 78'042 + 8 * 336 + 8 * 9);
}

TEST(ArchitectureTest, BatchNormAddsItsOwnCostsAlone) {
  const Model plain = build_architecture("vgg11");
  const Model normed = build_architecture("vgg11_bn");
  ASSERT_EQ(plain.layer_count(), normed.layer_count());
  for (std::size_t layer = 0; layer < plain.layers.size(); ++layer) {
    const bool is_convolution = plain.layers[layer].name.starts_with("conv");
    // Four FLOPs for each element handed on; four numbers for each of the first layer's 64 channels, and a counter.
    const std::int64_t elements = plain.layers[layer].activation_bytes / 4;
    EXPECT_EQ(normed.layers[layer].forward_flops - plain.layers[layer].forward_flops,
              is_convolution ? 4 * elements : 0);
    EXPECT_EQ(normed.layers[layer].activation_bytes, plain.layers[layer].activation_bytes);
  }
  EXPECT_EQ(normed.layers[0].weight_bytes - plain.layers[0].weight_bytes, 4 * 4 * 64 + 8);
}

TEST(ArchitectureTest, DropoutCostsNothing) {
  const NetworkDescription description = describe_architecture("vgg19", {.dropout = 0.5});
  const Model with = model_of(description);
  const Model without = build_architecture("vgg19");
  std::int64_t dropouts = 0;
  for (std::size_t layer = 0; layer < with.layers.size(); ++layer) {
    EXPECT_EQ(with.layers[layer].forward_flops, without.layers[layer].forward_flops);
    EXPECT_EQ(with.layers[layer].saved_bytes, without.layers[layer].saved_bytes);
    for (const Operation& operation : description.layers[layer].operations) {
      if (std::holds_alternative<Dropout>(operation)) ++dropouts;
    }
  }
  EXPECT_EQ(dropouts, 2) << "after each hidden linear layer";
}

TEST(ArchitectureTest, SampleAndClassesAreReplacedAndOptionsOutOfRangeRefused) {
  const Model model = model_of(describe_architecture("resnet8", {.sample = Shape{1, 8, 8}, .classes = 5}));
  EXPECT_EQ(model.input_bytes, 4 * 64);
  EXPECT_EQ(model.layers.back().activation_bytes, 4 * 5);
  const auto code_of = [](const ArchitectureOptions& options) {
    return test::error_of([&] { describe_architecture("vgg11", options); }).code();
  };
  EXPECT_EQ(code_of({.sample = Shape{3, 0, 8}}), ErrorCode::kOutOfRange);
  EXPECT_EQ(code_of({.classes = 1}), ErrorCode::kOutOfRange);
  EXPECT_EQ(code_of({.dropout = 1}), ErrorCode::kOutOfRange);
  // Five poolings halve 16 x 16 to nothing.
  EXPECT_EQ(code_of({.sample = Shape{3, 16, 16}}), ErrorCode::kInconsistent);
}

TEST(ArchitectureTest, UnknownNameIsRefusedWithTheKnownOnes) {
  const Error error = test::error_of([] { build_architecture("alexnet"); });
  EXPECT_EQ(error.code(), ErrorCode::kUnknownId);
  EXPECT_NE(error.parts().expected.find("mobilenetv2_cifar"), std::string::npos);
  EXPECT_FALSE(is_architecture("alexnet"));
  EXPECT_TRUE(is_architecture("vgg11"));
}

TEST(ArchitectureTest, PathsOfDifferentShapeAreRefused) {
  NetworkBuilder network("broken", {3, 8, 8});
  network.layer("block").fork().convolution({.channels = 4}).shortcut();
  EXPECT_EQ(test::error_of([&] { network.join(); }).code(), ErrorCode::kInconsistent);
}

}  // namespace
}  // namespace splitlane
