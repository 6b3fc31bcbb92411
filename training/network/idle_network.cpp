#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <utility>

#include "splitlane/error.hpp"
#include "training/network/network.hpp"
#include "training/network/part_range.hpp"
#include "training/network/weight_slot.hpp"

namespace splitlane::training {

namespace {

constexpr std::int64_t kFloatBytes = 4;

// Zeros that all tensors of one size share. The system hands them out without touching memory, and nobody reads them.
class Zeros {
 public:
  Tensor tensor(const TensorDescriptor& descriptor) const {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const std::byte>& values = by_size_[descriptor.bytes()];
    if (values == nullptr) values = allocated(descriptor.bytes());
    return {descriptor, values};
  }

 private:
  static std::shared_ptr<const std::byte> allocated(std::size_t bytes) {
    void* const zeros = std::calloc(std::max<std::size_t>(bytes, 1), 1);
    if (zeros == nullptr) throw std::bad_alloc();
    return {static_cast<const std::byte*>(zeros),
            [](const std::byte* values) { std::free(const_cast<std::byte*>(values)); }};
  }

  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::shared_ptr<const std::byte>> by_size_;
};

class IdleNetwork : public Network, public std::enable_shared_from_this<IdleNetwork> {
 public:
  IdleNetwork(Model model, Shape sample, std::int64_t classes)
      : model_(std::move(model)), sample_(sample), classes_(classes) {
    for (const Layer& layer : model_.layers) {
      slots_.emplace_back();
      if (layer.weight_bytes > 0) slots_.back().push_back({"weight", {DataType::kFloat32, {0}}, true});
    }
  }

  const Model& model() const override { return model_; }
  Shape sample_shape() const override { return sample_; }
  std::int64_t classes() const override { return classes_; }

  TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const override {
    if (layer == 0) return {DataType::kFloat32, {batch, sample_.channels, sample_.height, sample_.width}};
    const std::int64_t bytes = model_.layers.at(static_cast<std::size_t>(layer) - 1).activation_bytes;
    if (bytes % kFloatBytes != 0) return {DataType::kUint8, {batch, bytes}};
    return {DataType::kFloat32, {batch, bytes / kFloatBytes}};
  }

  NetworkState initial_state(std::uint64_t /*seed*/) const override { return empty_state(1, model_.layer_count()); }
  std::unique_ptr<Part> make_part(std::int32_t first, std::int32_t last,
                                  const OptimizerSettings& optimizer) const override;
  BatchScore evaluate(const NetworkState& /*state*/, const Tensor& /*samples*/, const Tensor& labels) const override {
    return guessed(labels);
  }

  BatchScore guessed(const Tensor& labels) const {
    return {labels.empty() ? 0 : labels.elements(), std::log(static_cast<double>(classes_)), 0};
  }
  NetworkState empty_state(std::int32_t first, std::int32_t last) const {
    NetworkState state;
    for (std::int32_t layer = first; layer <= last; ++layer) {
      state.emplace_back();
      for (const WeightSlot& slot : slots(layer)) state.back().push_back({slot.name, zeros_.tensor(slot.descriptor)});
    }
    return state;
  }
  std::span<const WeightSlot> slots(std::int32_t layer) const { return slots_[static_cast<std::size_t>(layer) - 1]; }
  const std::string& layer_name(std::int32_t layer) const {
    return model_.layers[static_cast<std::size_t>(layer) - 1].name;
  }
  const Zeros& zeros() const { return zeros_; }

 private:
  Model model_;
  Shape sample_;
  std::int64_t classes_;
  std::vector<std::vector<WeightSlot>> slots_;
  Zeros zeros_;
};

class IdlePart : public Part {
 public:
  IdlePart(std::shared_ptr<const IdleNetwork> network, std::int32_t first, std::int32_t last)
      : network_(std::move(network)), first_(first), last_(last) {}

  std::int32_t first_layer() const override { return first_; }
  std::int32_t last_layer() const override { return last_; }

  void load(std::span<const LayerState> state) override {
    require_layer_count(state.size(), static_cast<std::size_t>(last_ - first_) + 1);
    for (std::int32_t layer = first_; layer <= last_; ++layer) {
      require_slots(network_->layer_name(layer), state[static_cast<std::size_t>(layer - first_)],
                    network_->slots(layer));
    }
  }
  NetworkState state() const override { return network_->empty_state(first_, last_); }

  void begin_forward(const BatchKey& /*key*/, double /*learning_rate*/, const Tensor& input) override {
    const std::int64_t batch = input.empty() || input.shape().empty() ? 1 : std::max<std::int64_t>(input.shape()[0], 1);
    require(input, network_->activation(first_ - 1, batch));
    batch_ = batch;
  }
  void forward_layer() override {}
  Tensor output() const override { return network_->zeros().tensor(network_->activation(last_, batch_)); }
  BatchScore score(const Tensor& labels) override { return network_->guessed(labels); }

  void begin_backward(const Tensor& output_gradient) override {
    require(output_gradient, network_->activation(last_, batch_));
  }
  void differentiate_layer() override {}
  void update_layer() override {}
  Tensor input_gradient() const override {
    return first_ == 1 ? Tensor() : network_->zeros().tensor(network_->activation(first_ - 1, batch_));
  }

 private:
  void require(const Tensor& tensor, const TensorDescriptor& expected) const {
    if (tensor.empty() || tensor.descriptor() != expected) {
      throw Error(ErrorCode::kInconsistent, {fmt::format("layers {} to {}", first_, last_), "tensor of another shape",
                                             tensor.empty() ? "nothing" : described(tensor.type(), tensor.shape()),
                                             described(expected.type, expected.shape)});
    }
  }

  std::shared_ptr<const IdleNetwork> network_;
  std::int32_t first_;
  std::int32_t last_;
  std::int64_t batch_ = 1;
};

std::unique_ptr<Part> IdleNetwork::make_part(std::int32_t first, std::int32_t last,
                                             const OptimizerSettings& /*optimizer*/) const {
  require_layers(first, last, model_.layer_count());
  return std::make_unique<IdlePart>(shared_from_this(), first, last);
}

}  // namespace

std::shared_ptr<const Network> make_idle_network(Model model, Shape sample, std::int64_t classes) {
  validate(model);
  if (sample.elements() * kFloatBytes != model.input_bytes) {
    throw Error(ErrorCode::kInconsistent, {"sample", "not of the size that the network takes",
                                           fmt::format("{} floats ({})", sample.elements(), described(sample)),
                                           fmt::format("{} bytes", model.input_bytes)});
  }
  if (classes < 2) {
    throw Error(ErrorCode::kOutOfRange, {"classes", "too few", fmt::format("{}", classes), "at least 2"});
  }
  return std::make_shared<IdleNetwork>(std::move(model), sample, classes);
}

}  // namespace splitlane::training
