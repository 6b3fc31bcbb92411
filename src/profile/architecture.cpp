#include "splitlane/profile/architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

struct Stage {
  std::int64_t expansion, channels, repeats, stride;
};

constexpr std::int64_t kExpansion = 4;
constexpr std::int64_t kFirstWidth = 64;
constexpr std::int64_t kCifarWidth = 16;
constexpr std::array<std::int64_t, 5> kWidths = {64, 128, 256, 512, 512};
constexpr std::int64_t kHeadSize = 7;
constexpr std::int64_t kHeadWidth = 4096;
constexpr std::array<Stage, 7> kStages = {
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};
constexpr std::int64_t kFirstChannels = 32;
constexpr std::int64_t kLastChannels = 1280;

constexpr std::int64_t kLargestSide = 4096;
constexpr std::int64_t kMostClasses = 1'000'000;

struct DataSet {
  std::string_view name;
  Shape sample;
  std::int64_t classes;
};

constexpr DataSet kCifar{"cifar", {3, 32, 32}, 10};
constexpr DataSet kMnist{"mnist", {1, 28, 28}, 10};
constexpr DataSet kImagenet{"imagenet", {3, 224, 224}, 1000};

// What a network is made for, after the options.
struct Purpose {
  std::string name;
  Shape sample;
  std::int64_t classes;
  double dropout;
};

// Two 3x3 convolutions. Where the shape changes, `shortcut_kernel` says what carries the input across: 1 as in
// He et al. 2016, or 3 as in the network that the INFOCOM 2024 testbed measured.
void basic_block(NetworkBuilder& network, std::int64_t channels, std::int64_t stride, std::int64_t shortcut_kernel) {
  const bool reshapes = stride != 1 || network.shape().channels != channels;
  network.fork().convolution({.channels = channels, .stride = stride}).batch_norm().activation();
  network.convolution({.channels = channels}).batch_norm().shortcut();
  if (reshapes) {
    network
        .convolution(
            {.channels = channels, .kernel = shortcut_kernel, .stride = stride, .padding = shortcut_kernel / 2})
        .batch_norm();
  }
  network.join().activation();
}

void testbed_block(NetworkBuilder& network, std::int64_t channels, std::int64_t stride) {
  basic_block(network, channels, stride, 3);
}

void classic_block(NetworkBuilder& network, std::int64_t channels, std::int64_t stride) {
  basic_block(network, channels, stride, 1);
}

void bottleneck_block(NetworkBuilder& network, std::int64_t width, std::int64_t stride) {
  const std::int64_t channels = kExpansion * width;
  const bool reshapes = stride != 1 || network.shape().channels != channels;
  network.fork().convolution({.channels = width, .kernel = 1, .padding = 0}).batch_norm().activation();
  network.convolution({.channels = width, .stride = stride}).batch_norm().activation();
  network.convolution({.channels = channels, .kernel = 1, .padding = 0}).batch_norm().shortcut();
  if (reshapes) {
    network.convolution({.channels = channels, .kernel = 1, .stride = stride, .padding = 0}).batch_norm();
  }
  network.join().activation();
}

// Stages double the width, from `first_width` on, and all but the first halve the image.
template <class Block>
void residual_stages(NetworkBuilder& network, std::span<const int> blocks, std::int64_t first_width,
                     const Block& add_block) {
  for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
    const std::int64_t width = first_width << stage;
    for (int block = 0; block < blocks[stage]; ++block) {
      network.layer(fmt::format("block{}_{}", stage + 1, block + 1));
      add_block(network, width, stage > 0 && block == 0 ? 2 : 1);
    }
  }
}

constexpr Convolution kStem{.channels = 64, .kernel = 7, .stride = 2, .padding = 3};

void add_head(NetworkBuilder& network, std::int64_t classes) {
  network.layer("average_pool").average_pool_to(1);
  network.layer("classifier").linear(classes);
}

// The 37-layer network of the INFOCOM 2024 testbed: the stage lengths of ResNet-101 (3, 4, 23, 3) with basic blocks,
// a bias in the first convolution and 3x3 shortcuts, as the sizes of its published weights show.
NetworkDescription testbed_resnet101(const Purpose& purpose) {
  NetworkBuilder network(purpose.name, purpose.sample);
  Convolution stem = kStem;
  stem.bias = true;
  network.layer("conv1").convolution(stem);
  network.layer("norm_pool").batch_norm().activation().max_pool({.kernel = 3, .stride = 2, .padding = 1});
  residual_stages(network, std::array{3, 4, 23, 3}, kFirstWidth, testbed_block);
  add_head(network, purpose.classes);
  return network.build();
}

void add_standard_stem(NetworkBuilder& network) {
  network.layer("conv1").convolution(kStem).batch_norm().activation();
  network.layer("pool").max_pool({.kernel = 3, .stride = 2, .padding = 1});
}

NetworkDescription resnet18(const Purpose& purpose) {
  NetworkBuilder network(purpose.name, purpose.sample);
  add_standard_stem(network);
  residual_stages(network, std::array{2, 2, 2, 2}, kFirstWidth, classic_block);
  add_head(network, purpose.classes);
  return network.build();
}

NetworkDescription resnet50(const Purpose& purpose) {
  NetworkBuilder network(purpose.name, purpose.sample);
  add_standard_stem(network);
  residual_stages(network, std::array{3, 4, 6, 3}, kFirstWidth, bottleneck_block);
  add_head(network, purpose.classes);
  return network.build();
}

// He et al.'s networks for CIFAR: three stages of `blocks` basic blocks each, 16 to 64 channels wide. Where the shape
// changes, a 1x1 convolution carries the input across (their option B).
NetworkDescription cifar_resnet(const Purpose& purpose, int blocks) {
  NetworkBuilder network(purpose.name, purpose.sample);
  network.layer("conv1").convolution({.channels = kCifarWidth}).batch_norm().activation();
  residual_stages(network, std::array{blocks, blocks, blocks}, kCifarWidth, classic_block);
  add_head(network, purpose.classes);
  return network.build();
}

NetworkDescription resnet20(const Purpose& purpose) { return cifar_resnet(purpose, 3); }

NetworkDescription resnet8(const Purpose& purpose) { return cifar_resnet(purpose, 1); }

struct VggStyle {
  std::array<int, kWidths.size()> convolutions;  // before each pooling
  std::int64_t pool_padding;
  bool has_batch_norm;
};

void vgg_features(NetworkBuilder& network, const VggStyle& style) {
  int number = 0;
  for (std::size_t stage = 0; stage < kWidths.size(); ++stage) {
    for (int repeat = 0; repeat < style.convolutions[stage]; ++repeat) {
      network.layer(fmt::format("conv{}", ++number)).convolution({.channels = kWidths[stage], .bias = true});
      if (style.has_batch_norm) network.batch_norm();
      network.activation();
    }
    network.layer(fmt::format("pool{}", stage + 1)).max_pool({.padding = style.pool_padding});
  }
}

// Convolutions and poolings are a layer each, as in the testbed.
NetworkDescription vgg(const Purpose& purpose, const VggStyle& style) {
  NetworkBuilder network(purpose.name, purpose.sample);
  vgg_features(network, style);
  network.layer("average_pool").average_pool_to(kHeadSize);
  network.layer("linear1").linear(kHeadWidth).activation().dropout(purpose.dropout);
  network.layer("linear2").linear(kHeadWidth).activation().dropout(purpose.dropout);
  network.layer("classifier").linear(purpose.classes);
  return network.build();
}

// The testbed pads its poolings by one (32 -> 17 -> 9 -> 5 -> 3 -> 2), as its activation sizes show.
constexpr VggStyle kTestbedVgg19{{2, 2, 4, 4, 4}, 1, false};
constexpr VggStyle kVgg11{{1, 1, 2, 2, 2}, 0, false};

constexpr VggStyle with_batch_norm(VggStyle style) {
  style.has_batch_norm = true;
  return style;
}

NetworkDescription testbed_vgg19(const Purpose& purpose) { return vgg(purpose, kTestbedVgg19); }
NetworkDescription testbed_vgg19_bn(const Purpose& purpose) { return vgg(purpose, with_batch_norm(kTestbedVgg19)); }
NetworkDescription vgg11(const Purpose& purpose) { return vgg(purpose, kVgg11); }
NetworkDescription vgg11_bn(const Purpose& purpose) { return vgg(purpose, with_batch_norm(kVgg11)); }

// Widens by `expansion`, filters each channel on its own, and narrows again without an activation function.
void inverted_residual(NetworkBuilder& network, std::int64_t channels, std::int64_t stride, std::int64_t expansion) {
  const std::int64_t input = network.shape().channels;
  const std::int64_t hidden = input * expansion;
  const bool has_shortcut = stride == 1 && input == channels;
  network.fork();
  if (expansion != 1)
    network.convolution({.channels = hidden, .kernel = 1, .padding = 0})
        .batch_norm()
        .activation(ActivationKind::kRelu6);
  network.convolution({.channels = hidden, .stride = stride, .groups = hidden})
      .batch_norm()
      .activation(ActivationKind::kRelu6);
  network.convolution({.channels = channels, .kernel = 1, .padding = 0}).batch_norm();
  if (has_shortcut) network.shortcut().join();
}

NetworkDescription mobilenetv2(const Purpose& purpose) {
  NetworkBuilder network(purpose.name, purpose.sample);
  network.layer("conv1")
      .convolution({.channels = kFirstChannels, .stride = 2})
      .batch_norm()
      .activation(ActivationKind::kRelu6);
  int number = 0;
  for (const Stage& stage : kStages) {
    for (std::int64_t repeat = 0; repeat < stage.repeats; ++repeat) {
      network.layer(fmt::format("block{}", ++number));
      inverted_residual(network, stage.channels, repeat == 0 ? stage.stride : 1, stage.expansion);
    }
  }
  network.layer("conv2")
      .convolution({.channels = kLastChannels, .kernel = 1, .padding = 0})
      .batch_norm()
      .activation(ActivationKind::kRelu6);
  add_head(network, purpose.classes);
  return network.build();
}

struct Architecture {
  std::string_view family;
  const DataSet* data;
  NetworkDescription (*make)(const Purpose& purpose);
  std::string_view description;
  std::string_view source;
};

constexpr std::string_view kTestbedSource =
    "Tirana et al., Workflow Optimization for Parallel Split Learning, INFOCOM 2024, Sec. VII; layers inferred from "
    "the sizes its testbed published";

constexpr std::string_view kVggNormSource = "Simonyan and Zisserman, ICLR 2015; Ioffe and Szegedy, ICML 2015";

constexpr std::array<Architecture, 17> kArchitectures = {{
    {"resnet101", &kCifar, testbed_resnet101, "the INFOCOM 2024 testbed's 37-layer ResNet-101 on CIFAR-10",
     kTestbedSource},
    {"resnet101", &kMnist, testbed_resnet101, "the INFOCOM 2024 testbed's 37-layer ResNet-101 on MNIST",
     kTestbedSource},
    {"vgg19", &kCifar, testbed_vgg19, "the INFOCOM 2024 testbed's 25-layer VGG-19 on CIFAR-10", kTestbedSource},
    {"vgg19", &kMnist, testbed_vgg19, "the INFOCOM 2024 testbed's 25-layer VGG-19 on MNIST", kTestbedSource},
    {"resnet18", &kCifar, resnet18, "ResNet-18 on CIFAR-10", "He et al., CVPR 2016"},
    {"resnet18", &kImagenet, resnet18, "ResNet-18 on ImageNet", "He et al., CVPR 2016"},
    {"resnet50", &kCifar, resnet50, "ResNet-50 on CIFAR-10", "He et al., CVPR 2016"},
    {"resnet50", &kImagenet, resnet50, "ResNet-50 on ImageNet", "He et al., CVPR 2016"},
    {"vgg11", &kCifar, vgg11, "VGG-11 on CIFAR-10", "Simonyan and Zisserman, ICLR 2015"},
    {"vgg11", &kImagenet, vgg11, "VGG-11 on ImageNet", "Simonyan and Zisserman, ICLR 2015"},
    {"mobilenetv2", &kCifar, mobilenetv2, "MobileNetV2 on CIFAR-10", "Sandler et al., CVPR 2018"},
    {"mobilenetv2", &kImagenet, mobilenetv2, "MobileNetV2 on ImageNet", "Sandler et al., CVPR 2018"},
    {"vgg19_bn", &kCifar, testbed_vgg19_bn, "the INFOCOM 2024 testbed's VGG-19 with batch norm, on CIFAR-10",
     kTestbedSource},
    {"vgg19_bn", &kMnist, testbed_vgg19_bn, "the INFOCOM 2024 testbed's VGG-19 with batch norm, on MNIST",
     kTestbedSource},
    {"vgg11_bn", &kCifar, vgg11_bn, "VGG-11 with batch norm on CIFAR-10", kVggNormSource},
    {"resnet20", &kCifar, resnet20, "ResNet-20 on CIFAR-10", "He et al., CVPR 2016, Sec. 4.2"},
    {"resnet8", &kCifar, resnet8, "ResNet-8 on CIFAR-10: ResNet-20 with one block a stage",
     "Banbury et al., MLPerf Tiny Benchmark, NeurIPS 2021"},
}};

std::string full_name(const Architecture& architecture) {
  return fmt::format("{}_{}", architecture.family, architecture.data->name);
}

const Architecture* find_architecture(std::string_view name) {
  const auto* const found = std::find_if(kArchitectures.begin(), kArchitectures.end(), [name](const Architecture& one) {
    return full_name(one) == name || (one.family == name && one.data == &kCifar);
  });
  return found == kArchitectures.end() ? nullptr : found;
}

void require_in_range(const Purpose& purpose) {
  const auto& [channels, height, width] = purpose.sample;
  const bool is_positive = std::min({channels, height, width}) >= 1;
  if (!is_positive || std::max({channels, height, width}) > kLargestSide) {
    throw Error(ErrorCode::kOutOfRange, {"sample", "no shape of a sample", described(purpose.sample),
                                         fmt::format("1 to {} in each dimension", kLargestSide)});
  }
  if (purpose.classes < 2 || purpose.classes > kMostClasses) {
    throw Error(ErrorCode::kOutOfRange, {"classes", "not a number in range", fmt::format("{}", purpose.classes),
                                         fmt::format("2 to {}", kMostClasses)});
  }
  if (!(purpose.dropout >= 0 && purpose.dropout < 1)) {
    throw Error(ErrorCode::kOutOfRange,
                {"dropout", "not a probability below 1", fmt::format("{}", purpose.dropout), "at least 0 and below 1"});
  }
}

}  // namespace

const std::vector<std::string>& architecture_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(kArchitectures.size());
    for (const Architecture& architecture : kArchitectures) all.push_back(full_name(architecture));
    return all;
  }();
  return names;
}

bool is_architecture(std::string_view name) { return find_architecture(name) != nullptr; }

NetworkDescription describe_architecture(std::string_view name, const ArchitectureOptions& options) {
  const Architecture* architecture = find_architecture(name);
  if (architecture == nullptr) {
    throw Error(ErrorCode::kUnknownId, {"model", "no such network", fmt::format("\"{}\"", name),
                                        fmt::format("one of {}", fmt::join(architecture_names(), ", "))});
  }
  const DataSet& data = *architecture->data;
  const Purpose purpose{full_name(*architecture), options.sample.value_or(data.sample),
                        options.classes.value_or(data.classes), options.dropout};
  require_in_range(purpose);
  NetworkDescription network = architecture->make(purpose);
  network.description = architecture->description;
  network.source = architecture->source;
  return network;
}

Model build_architecture(std::string_view name) { return model_of(describe_architecture(name)); }

}  // namespace splitlane
