#include "training/network/torch_part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "training/network/loss.hpp"
#include "training/network/random_seed.hpp"
#include "training/network/torch_network.hpp"
#include "training/network/torch_tensor.hpp"

namespace splitlane::training {

TorchPart::TorchPart(std::shared_ptr<const TorchNetwork> network, std::int32_t first, std::int32_t last,
                     const OptimizerSettings& optimizer)
    : network_(std::move(network)), first_(first), optimizer_(optimizer) {
  layers_.resize(static_cast<std::size_t>(last - first) + 1);
}

const TorchLayer& TorchPart::kind(std::size_t position) const {
  return network_->layer(first_ + static_cast<std::int32_t>(position));
}

void TorchPart::require_phase(Phase phase, const char* call) const {
  if (phase_ != phase) {
    throw Error(ErrorCode::kInternal, {fmt::format("part of layers {} to {}", first_layer(), last_layer()),
                                       fmt::format("{} out of order", call), "", ""});
  }
}

void TorchPart::require_descriptor(const Tensor& tensor, const TensorDescriptor& expected, const char* what) const {
  if (tensor.empty() || tensor.descriptor() != expected) {
    throw Error(ErrorCode::kInconsistent, {fmt::format("layers {} to {}", first_layer(), last_layer()), what,
                                           tensor.empty() ? "nothing" : described(tensor.type(), tensor.shape()),
                                           described(expected.type, expected.shape)});
  }
}

void TorchPart::load(std::span<const LayerState> state) {
  require_layer_count(state.size(), layers_.size());
  for (std::size_t at = 0; at < layers_.size(); ++at) require_slots(kind(at).name(), state[at], kind(at).slots());
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    PartLayer& layer = layers_[at];
    layer = PartLayer();
    for (const NamedTensor& entry : state[at]) layer.values.push_back(torch_tensor(entry.value).clone());
    for (std::size_t slot = 0; slot < layer.values.size(); ++slot) {
      if (kind(at).slots()[slot].is_parameter) layer.values[slot].requires_grad_();
    }
    layer.memories.resize(layer.values.size());
    layer.layer = kind(at).bound_to(layer.values);
  }
  gradient_ = at::Tensor();
  phase_ = Phase::kIdle;
}

NetworkState TorchPart::state() const {
  if (phase_ == Phase::kEmpty) require_phase(Phase::kIdle, "state");
  NetworkState state(layers_.size());
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const std::vector<WeightSlot>& slots = kind(at).slots();
    const std::vector<at::Tensor> values = layers_[at].layer->values();
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      state[at].push_back({slots[slot].name, copied_tensor(values[slot], kind(at).name())});
    }
  }
  return state;
}

void TorchPart::begin_forward(const BatchKey& key, double learning_rate, const Tensor& input) {
  if (phase_ == Phase::kEmpty) require_phase(Phase::kIdle, "begin_forward");
  const std::int64_t batch = input.empty() || input.shape().empty() ? 1 : std::max<std::int64_t>(input.shape()[0], 1);
  require_descriptor(input, network_->activation(first_ - 1, batch), "input of another shape");
  key_ = key;
  learning_rate_ = learning_rate;
  for (PartLayer& layer : layers_) layer.input = layer.output = at::Tensor();
  gradient_ = at::Tensor();
  layers_.front().input = torch_tensor(input).set_requires_grad(first_ > 1);
  done_ = 0;
  phase_ = Phase::kForward;
}

void TorchPart::forward_layer() {
  require_phase(Phase::kForward, "forward_layer");
  PartLayer& layer = layers_[done_];
  const TorchLayer& layer_kind = kind(done_);
  // A leaf may not be written to, nor may what the node before it keeps.
  const at::Tensor taken = layer_kind.works_in_place() ? layer.input.clone() : layer.input;
  const std::uint64_t seed = batch_seed(key_, first_ + static_cast<std::int32_t>(done_));
  layer.output = in_layer(layer_kind.name(), [&] { return layer.layer->trained_forward(taken, seed); }).contiguous();
  ++done_;
  if (done_ < layers_.size()) {
    layers_[done_].input = layer.output.detach().set_requires_grad(true);
    return;
  }
  const std::int64_t batch = layers_.front().input.size(0);
  const TensorDescriptor expected = network_->activation(last_layer(), batch);
  if (descriptor_of(layer.output, layer_kind.name()) != expected) {
    throw Error(ErrorCode::kInconsistent,
                {layer_kind.name(), "output of another shape than for other batches",
                 described(DataType::kFloat32, layer.output.sizes().vec()), described(expected.type, expected.shape)});
  }
  phase_ = Phase::kOutput;
}

Tensor TorchPart::output() const {
  if (phase_ != Phase::kOutput) require_phase(Phase::kOutput, "output");
  return shared_tensor(layers_.back().output, kind(layers_.size() - 1).name());
}

BatchScore TorchPart::score(const Tensor& labels) {
  require_phase(Phase::kOutput, "score");
  const at::Tensor outputs = layers_.back().output.detach().set_requires_grad(true);
  const ScoredBatch scored = scored_batch(outputs, labels);
  scored.loss.backward();
  gradient_ = outputs.grad();
  done_ = 0;
  phase_ = Phase::kBackward;
  return scored.score;
}

void TorchPart::begin_backward(const Tensor& output_gradient) {
  require_phase(Phase::kOutput, "begin_backward");
  const at::Tensor& output = layers_.back().output;
  require_descriptor(output_gradient, {DataType::kFloat32, output.sizes().vec()}, "gradient of another shape");
  gradient_ = torch_tensor(output_gradient);
  done_ = 0;
  phase_ = Phase::kBackward;
}

void TorchPart::differentiate_layer() {
  require_phase(Phase::kBackward, "differentiate_layer");
  const std::size_t position = layers_.size() - 1 - done_;
  PartLayer& layer = layers_[position];
  // Without weights or a gradient to hand on, the first layer of a network has nothing to do.
  if (layer.output.requires_grad()) in_layer(kind(position).name(), [&] { layer.output.backward(gradient_); });
  const at::Tensor gradient = layer.input.grad();
  if (layer.input.requires_grad()) gradient_ = gradient.defined() ? gradient.contiguous() : at::zeros_like(layer.input);
  layer.input = layer.output = at::Tensor();
  phase_ = Phase::kUpdate;
}

void TorchPart::update_layer() {
  require_phase(Phase::kUpdate, "update_layer");
  const std::size_t position = layers_.size() - 1 - done_;
  PartLayer& layer = layers_[position];
  const std::vector<WeightSlot>& slots = kind(position).slots();
  const at::NoGradGuard no_gradients;
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    const at::Tensor& value = layer.values[slot];
    if (!slots[slot].is_parameter || !value.grad().defined()) continue;
    update_parameter(optimizer_, learning_rate_, value.grad(), value, layer.memories[slot]);
    value.mutable_grad() = at::Tensor();
  }
  ++done_;
  phase_ = done_ == layers_.size() ? Phase::kDone : Phase::kBackward;
}

Tensor TorchPart::input_gradient() const {
  require_phase(Phase::kDone, "input_gradient");
  return first_ == 1 ? Tensor() : shared_tensor(gradient_, kind(0).name());
}

}  // namespace splitlane::training
