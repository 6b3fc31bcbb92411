#include "training/network/torch_network.hpp"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "training/network/described_layer.hpp"
#include "training/network/loss.hpp"
#include "training/network/part_range.hpp"
#include "training/network/random_seed.hpp"
#include "training/network/torch_part.hpp"
#include "training/network/torch_tensor.hpp"

namespace splitlane::training {

namespace {

TensorShape activation_shape(const Shape& shape, bool is_flat) {
  return is_flat ? TensorShape{shape.elements()} : TensorShape{shape.channels, shape.height, shape.width};
}

}  // namespace

TorchNetwork::TorchNetwork(TorchNetworkParts parts) : parts_(std::move(parts)) {
  const TensorShape& outputs = parts_.activations.back();
  if (outputs.size() != 1 || outputs.front() < 2) {
    throw Error(ErrorCode::kInconsistent,
                {fmt::format("layer {}", parts_.layers.back()->name()), "is no classifier: its output for one sample",
                 described(DataType::kFloat32, outputs), "one dimension, a number for each of two classes or more"});
  }
}

TensorDescriptor TorchNetwork::activation(std::int32_t layer, std::int64_t batch) const {
  TensorShape shape = parts_.activations.at(static_cast<std::size_t>(layer));
  shape.insert(shape.begin(), batch);
  return {DataType::kFloat32, std::move(shape)};
}

NetworkState TorchNetwork::initial_state(std::uint64_t seed) const {
  NetworkState state(parts_.layers.size());
  for (std::size_t at = 0; at < parts_.layers.size(); ++at) {
    const TorchLayer& layer = *parts_.layers[at];
    const std::vector<at::Tensor> values = layer.initial_values(weight_seed(seed, static_cast<std::int32_t>(at) + 1));
    for (std::size_t slot = 0; slot < values.size(); ++slot) {
      state[at].push_back({layer.slots()[slot].name, shared_tensor(values[slot], layer.name())});
    }
  }
  return state;
}

std::unique_ptr<Part> TorchNetwork::make_part(std::int32_t first, std::int32_t last,
                                              const OptimizerSettings& optimizer) const {
  require_layers(first, last, model().layer_count());
  return std::make_unique<TorchPart>(shared_from_this(), first, last, optimizer);
}

BatchScore TorchNetwork::evaluate(const NetworkState& state, const Tensor& samples, const Tensor& labels) const {
  const at::NoGradGuard no_gradients;
  const std::int64_t batch = samples.empty() || samples.shape().empty() ? 0 : samples.shape().front();
  const TensorDescriptor expected = activation(0, std::max<std::int64_t>(batch, 1));
  if (samples.empty() || samples.descriptor() != expected) {
    throw Error(ErrorCode::kInconsistent, {"samples", "of another shape than the network takes",
                                           samples.empty() ? "nothing" : described(samples.type(), samples.shape()),
                                           described(expected.type, expected.shape)});
  }
  require_layer_count(state.size(), parts_.layers.size());
  at::Tensor value = torch_tensor(samples);
  for (std::size_t at = 0; at < parts_.layers.size(); ++at) {
    const TorchLayer& layer = *parts_.layers[at];
    require_slots(layer.name(), state[at], layer.slots());
    std::vector<at::Tensor> values;
    for (const NamedTensor& entry : state[at]) values.push_back(torch_tensor(entry.value));
    if (layer.works_in_place()) value = value.clone();
    value = in_layer(layer.name(), [&] { return layer.bound_to(values)->evaluated_forward(value); });
  }
  return scored_batch(value, labels).score;
}

std::shared_ptr<const Network> make_architecture_network(std::string_view name, std::optional<std::int64_t> classes,
                                                         std::optional<Shape> sample, double dropout) {
  const NetworkDescription description =
      describe_architecture(name, {.sample = sample, .classes = classes, .dropout = dropout});
  return make_described_network(description);
}

std::shared_ptr<const Network> make_described_network(const NetworkDescription& description) {
  TorchNetworkParts parts;
  parts.model = model_of(description);
  parts.sample = description.sample;
  parts.activations.push_back(activation_shape(description.sample, false));
  ShapeWalk walk(description.sample);
  bool is_flat = false;
  for (const LayerDescription& layer : description.layers) {
    parts.layers.push_back(make_described_layer(layer, walk));
    is_flat = is_flat || std::ranges::any_of(layer.operations, [](const Operation& operation) {
                return std::holds_alternative<Linear>(operation);
              });
    parts.activations.push_back(activation_shape(walk.shape(), is_flat));
  }
  return std::make_shared<TorchNetwork>(std::move(parts));
}

void set_layer_threads(int threads) { at::set_num_threads(std::max(threads, 1)); }

std::string layer_library() { return "libtorch " TORCH_VERSION; }

}  // namespace splitlane::training
