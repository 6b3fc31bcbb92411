#include "training/aggregator/expected_weights.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

ExpectedWeights::ExpectedWeights(const NetworkState& network) {
  layers_.reserve(network.size());
  for (const LayerState& layer : network) {
    auto& expected = layers_.emplace_back();
    expected.reserve(layer.size());
    for (const NamedTensor& tensor : layer) {
      expected.emplace_back(tensor.name, tensor.value.descriptor());
      most_bytes_ = std::max(most_bytes_, tensor.value.descriptor().bytes());
    }
  }
}

void ExpectedWeights::require_room(const Message& announced, const TensorDescriptor& descriptor) const {
  if (!std::holds_alternative<PartWeights>(announced)) throw unexpected(announced, "weights, where tensors come along");
  if (descriptor.bytes() <= most_bytes_) return;
  throw Error(ErrorCode::kInconsistent,
              {"weights", "larger than any of the network", described(descriptor.type, descriptor.shape),
               fmt::format("at most {} bytes", most_bytes_)});
}

void ExpectedWeights::require(const PartWeights& weights) const {
  const auto first = static_cast<std::size_t>(weights.first_layer - 1);
  if (weights.first_layer < 1 || first > layers_.size() || weights.layers.size() > layers_.size() - first) {
    throw unexpected(weights, "layers of the network");
  }
  for (std::size_t at = 0; at < weights.layers.size(); ++at) {
    const LayerState& layer = weights.layers[at];
    const auto& expected = layers_[first + at];
    if (layer.size() != expected.size()) {
      throw Error(ErrorCode::kInconsistent, {fmt::format("weights of layer {}", first + at + 1), "number of tensors",
                                             std::to_string(layer.size()), std::to_string(expected.size())});
    }
    for (std::size_t tensor = 0; tensor < layer.size(); ++tensor) {
      const auto& [name, descriptor] = expected[tensor];
      const TensorDescriptor& got = layer[tensor].value.descriptor();
      if (layer[tensor].name == name && got == descriptor) continue;
      throw Error(ErrorCode::kInconsistent,
                  {fmt::format("weights of layer {}", first + at + 1), "not those of the network",
                   fmt::format("{} {}", layer[tensor].name, described(got.type, got.shape)),
                   fmt::format("{} {}", name, described(descriptor.type, descriptor.shape))});
    }
  }
}

}  // namespace splitlane::training
