#include "splitlane/profile/architecture.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

struct Stage {
  std::int64_t expansion, channels, repeats, stride;
};

constexpr std::int64_t kExpansion = 4;
constexpr std::int64_t kFirstWidth = 64;
constexpr std::array<std::int64_t, 5> kWidths = {64, 128, 256, 512, 512};
constexpr std::int64_t kHeadSize = 7;
constexpr std::int64_t kHeadWidth = 4096;
constexpr std::array<Stage, 7> kStages = {
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};
constexpr std::int64_t kFirstChannels = 32;
constexpr std::int64_t kLastChannels = 1280;

struct DataSet {
  std::string_view name;
  Shape sample;
  std::int64_t classes;
};

constexpr DataSet kCifar{"cifar", {3, 32, 32}, 10};
constexpr DataSet kMnist{"mnist", {1, 28, 28}, 10};
constexpr DataSet kImagenet{"imagenet", {3, 224, 224}, 1000};

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

template <class Block>
void residual_stages(NetworkBuilder& network, const std::array<int, 4>& blocks, const Block& add_block) {
  for (std::size_t stage = 0; stage < blocks.size(); ++stage) {
    const std::int64_t width = kFirstWidth << stage;
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
Model testbed_resnet101(std::string name, const DataSet& data) {
  NetworkBuilder network(std::move(name), data.sample);
  Convolution stem = kStem;
  stem.bias = true;
  network.layer("conv1").convolution(stem);
  network.layer("norm_pool").batch_norm().activation().max_pool(3, 2, 1);
  residual_stages(network, {3, 4, 23, 3}, [](NetworkBuilder& net, std::int64_t width, std::int64_t stride) {
    basic_block(net, width, stride, 3);
  });
  add_head(network, data.classes);
  return network.build();
}

void add_standard_stem(NetworkBuilder& network) {
  network.layer("conv1").convolution(kStem).batch_norm().activation();
  network.layer("pool").max_pool(3, 2, 1);
}

Model resnet18(std::string name, const DataSet& data) {
  NetworkBuilder network(std::move(name), data.sample);
  add_standard_stem(network);
  residual_stages(network, {2, 2, 2, 2}, [](NetworkBuilder& net, std::int64_t width, std::int64_t stride) {
    basic_block(net, width, stride, 1);
  });
  add_head(network, data.classes);
  return network.build();
}

Model resnet50(std::string name, const DataSet& data) {
  NetworkBuilder network(std::move(name), data.sample);
  add_standard_stem(network);
  residual_stages(network, {3, 4, 6, 3}, bottleneck_block);
  add_head(network, data.classes);
  return network.build();
}

// Convolutions and poolings are a layer each, as in the testbed; `convolutions` counts those before each pooling.
Model vgg(std::string name, const DataSet& data, const std::array<int, 5>& convolutions, std::int64_t pool_padding) {
  NetworkBuilder network(std::move(name), data.sample);
  int number = 0;
  for (std::size_t stage = 0; stage < convolutions.size(); ++stage) {
    for (int repeat = 0; repeat < convolutions[stage]; ++repeat) {
      network.layer(fmt::format("conv{}", ++number))
          .convolution({.channels = kWidths[stage], .bias = true})
          .activation();
    }
    network.layer(fmt::format("pool{}", stage + 1)).max_pool(2, 2, pool_padding);
  }
  network.layer("average_pool").average_pool_to(kHeadSize);
  network.layer("linear1").linear(kHeadWidth).activation();
  network.layer("linear2").linear(kHeadWidth).activation();
  network.layer("classifier").linear(data.classes);
  return network.build();
}

// The testbed pads its poolings by one (32 -> 17 -> 9 -> 5 -> 3 -> 2), as its activation sizes show.
Model testbed_vgg19(std::string name, const DataSet& data) { return vgg(std::move(name), data, {2, 2, 4, 4, 4}, 1); }

Model vgg11(std::string name, const DataSet& data) { return vgg(std::move(name), data, {1, 1, 2, 2, 2}, 0); }

// Widens by `expansion`, filters each channel on its own, and narrows again without an activation function.
void inverted_residual(NetworkBuilder& network, std::int64_t channels, std::int64_t stride, std::int64_t expansion) {
  const std::int64_t input = network.shape().channels;
  const std::int64_t hidden = input * expansion;
  const bool has_shortcut = stride == 1 && input == channels;
  network.fork();
  if (expansion != 1) network.convolution({.channels = hidden, .kernel = 1, .padding = 0}).batch_norm().activation();
  network.convolution({.channels = hidden, .stride = stride, .groups = hidden}).batch_norm().activation();
  network.convolution({.channels = channels, .kernel = 1, .padding = 0}).batch_norm();
  if (has_shortcut) network.shortcut().join();
}

Model mobilenetv2(std::string name, const DataSet& data) {
  NetworkBuilder network(std::move(name), data.sample);
  network.layer("conv1").convolution({.channels = kFirstChannels, .stride = 2}).batch_norm().activation();
  int number = 0;
  for (const Stage& stage : kStages) {
    for (std::int64_t repeat = 0; repeat < stage.repeats; ++repeat) {
      network.layer(fmt::format("block{}", ++number));
      inverted_residual(network, stage.channels, repeat == 0 ? stage.stride : 1, stage.expansion);
    }
  }
  network.layer("conv2").convolution({.channels = kLastChannels, .kernel = 1, .padding = 0}).batch_norm().activation();
  add_head(network, data.classes);
  return network.build();
}

struct Architecture {
  std::string_view family;
  const DataSet* data;
  Model (*make)(std::string name, const DataSet& data);
  std::string_view description;
  std::string_view source;
};

constexpr std::string_view kTestbedSource =
    "Tirana et al., Workflow Optimization for Parallel Split Learning, INFOCOM 2024, Sec. VII; layers inferred from "
    "the sizes its testbed published";

constexpr std::array<Architecture, 12> kArchitectures = {{
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

Model build_architecture(std::string_view name) {
  const Architecture* architecture = find_architecture(name);
  if (architecture == nullptr) {
    throw Error(ErrorCode::kUnknownId, {"model", "no such network", fmt::format("\"{}\"", name),
                                        fmt::format("one of {}", fmt::join(architecture_names(), ", "))});
  }
  Model model = architecture->make(full_name(*architecture), *architecture->data);
  model.description = architecture->description;
  model.source = architecture->source;
  return model;
}

}  // namespace splitlane
