#include "splitlane/profile/architecture.hpp"

#include <gtest/gtest.h>

#include <numeric>

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
