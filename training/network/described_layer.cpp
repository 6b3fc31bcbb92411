#include "training/network/described_layer.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <span>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace splitlane::training {

namespace {

// PyTorch's defaults.
constexpr double kNormMomentum = 0.1;
constexpr double kNormEpsilon = 1e-5;

constexpr double kReluSixTop = 6;

// Positions of batch norm's tensors among its own.
enum NormSlot : std::size_t { kScale, kShift, kRunningMean, kRunningVariance, kBatchesSeen };

// An operation with the shape that it takes and the position of its first slot in the layer.
struct PlacedOperation {
  Operation operation;
  Shape input;
  std::size_t first_slot = 0;
};

TensorDescriptor floats(TensorShape shape) { return {DataType::kFloat32, std::move(shape)}; }

// The tensors of an operation that takes `input`.
struct SlotsOfOperation {
  Shape input;

  std::vector<WeightSlot> operator()(const Convolution& convolution) const {
    const auto& [channels, kernel, stride, padding, groups, bias] = convolution;
    std::vector<WeightSlot> slots{{"weight", floats({channels, input.channels / groups, kernel, kernel}), true}};
    if (bias) slots.push_back({"bias", floats({channels}), true});
    return slots;
  }
  std::vector<WeightSlot> operator()(const Linear& linear) const {
    return {{"weight", floats({linear.outputs, input.elements()}), true}, {"bias", floats({linear.outputs}), true}};
  }
  std::vector<WeightSlot> operator()(const BatchNorm& /*norm*/) const {
    return {{"weight", floats({input.channels}), true},
            {"bias", floats({input.channels}), true},
            {"running_mean", floats({input.channels}), false},
            {"running_var", floats({input.channels}), false},
            {"num_batches_tracked", {DataType::kInt64, {}}, false}};
  }
  template <class Other>
  std::vector<WeightSlot> operator()(const Other& /*has none*/) const {
    return {};
  }
};

// PyTorch's torch.nn.init.kaiming_uniform_(weight, a=sqrt(5)), and what it does with the bias: He et al., ICCV 2015.
void fill_with_defaults(std::span<at::Tensor> values, const at::Generator& generator) {
  const std::int64_t inputs = values[0].numel() / values[0].size(0);
  const double gain = std::sqrt(2.0 / (1.0 + 5.0));
  const double bound = std::sqrt(3.0) * (gain / std::sqrt(static_cast<double>(inputs)));
  values[0].uniform_(-bound, bound, generator);
  const double bias_bound = 1 / std::sqrt(static_cast<double>(inputs));
  if (values.size() > 1) values[1].uniform_(-bias_bound, bias_bound, generator);
}

// What one forward pass remembers between operations.
struct ForwardPass {
  std::span<const at::Tensor> values;  // of the whole layer
  const at::Generator* generator;      // null in evaluation mode
  at::Tensor fork;
  at::Tensor main_path;

  bool is_training() const { return generator != nullptr; }
};

struct RunOperation {
  ForwardPass& pass;
  const PlacedOperation& placed;
  const at::Tensor& input;

  const at::Tensor& value(std::size_t slot) const { return pass.values[placed.first_slot + slot]; }

  at::Tensor operator()(const Convolution& convolution) const {
    const auto& [channels, kernel, stride, padding, groups, bias] = convolution;
    return at::conv2d(input, value(0), bias ? value(1) : at::Tensor(), stride, padding, /*dilation=*/1, groups);
  }
  at::Tensor operator()(const BatchNorm& /*norm*/) const {
    if (pass.is_training()) value(kBatchesSeen).add_(1);
    return at::batch_norm(input, value(kScale), value(kShift), value(kRunningMean), value(kRunningVariance),
                          pass.is_training(), kNormMomentum, kNormEpsilon, /*cudnn_enabled=*/false);
  }
  at::Tensor operator()(const Activation& activation) const {
    return activation.kind == ActivationKind::kRelu ? at::relu(input) : at::hardtanh(input, 0, kReluSixTop);
  }
  at::Tensor operator()(const MaxPool& pool) const {
    return at::max_pool2d(input, pool.kernel, pool.stride, pool.padding);
  }
  at::Tensor operator()(const AveragePoolTo& pool) const {
    return at::adaptive_avg_pool2d(input, {pool.size, pool.size});
  }
  at::Tensor operator()(const Linear& /*linear*/) const { return at::linear(input.flatten(1), value(0), value(1)); }
  at::Tensor operator()(const Dropout& dropout) const {
    if (!pass.is_training()) return input;
    const double kept = 1 - dropout.probability;
    const at::Tensor mask = at::empty_like(input, at::TensorOptions(), at::MemoryFormat::Contiguous);
    return input * mask.bernoulli_(kept, *pass.generator).div_(kept);
  }
  at::Tensor operator()(const Fork& /*fork*/) const {
    pass.fork = input;
    return input;
  }
  at::Tensor operator()(const Shortcut& /*shortcut*/) const { return std::exchange(pass.main_path, input), pass.fork; }
  at::Tensor operator()(const Join& /*join*/) const { return pass.main_path + input; }
};

class BoundDescribedLayer : public BoundLayer {
 public:
  BoundDescribedLayer(std::span<const PlacedOperation> operations, std::vector<at::Tensor> values)
      : operations_(operations), values_(std::move(values)) {}

  at::Tensor trained_forward(const at::Tensor& input, std::uint64_t seed) override {
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    return forward(input, &generator);
  }
  at::Tensor evaluated_forward(const at::Tensor& input) override { return forward(input, nullptr); }
  std::vector<at::Tensor> values() const override { return values_; }

 private:
  at::Tensor forward(const at::Tensor& input, const at::Generator* generator) {
    ForwardPass pass{values_, generator, {}, {}};
    at::Tensor value = input;
    for (const PlacedOperation& placed : operations_) {
      value = std::visit(RunOperation{pass, placed, value}, placed.operation);
    }
    return value;
  }

  std::span<const PlacedOperation> operations_;
  std::vector<at::Tensor> values_;
};

class DescribedLayer : public TorchLayer {
 public:
  DescribedLayer(const LayerDescription& layer, ShapeWalk& walk) : name_(layer.name) {
    for (const Operation& operation : layer.operations) {
      operations_.push_back({operation, walk.shape(), slots_.size()});
      for (WeightSlot& slot : std::visit(SlotsOfOperation{walk.shape()}, operation)) {
        slot.name = fmt::format("{}.{}", operations_.size() - 1, slot.name);
        slots_.push_back(std::move(slot));
      }
      walk.pass(operation, layer.name);
    }
  }

  const std::string& name() const override { return name_; }
  const std::vector<WeightSlot>& slots() const override { return slots_; }

  std::vector<at::Tensor> initial_values(std::uint64_t seed) const override {
    const at::Generator generator = at::detail::createCPUGenerator(seed);
    std::vector<at::Tensor> values;
    for (const WeightSlot& slot : slots_) {
      values.push_back(
          at::zeros(slot.descriptor.shape, slot.descriptor.type == DataType::kInt64 ? at::kLong : at::kFloat));
    }
    for (const PlacedOperation& placed : operations_) {
      const std::span<at::Tensor> from = std::span(values).subspan(placed.first_slot);
      const std::size_t count = std::visit(SlotsOfOperation{placed.input}, placed.operation).size();
      if (std::holds_alternative<BatchNorm>(placed.operation)) {
        from[kScale].fill_(1);
        from[kRunningVariance].fill_(1);
      } else if (count > 0) {
        fill_with_defaults(from.first(count), generator);
      }
    }
    return values;
  }

  std::unique_ptr<BoundLayer> bound_to(std::vector<at::Tensor> values) const override {
    SPLITLANE_ASSERT(values.size() == slots_.size(), values.size(), slots_.size());
    return std::make_unique<BoundDescribedLayer>(operations_, std::move(values));
  }

 private:
  std::string name_;
  std::vector<PlacedOperation> operations_;
  std::vector<WeightSlot> slots_;
};

}  // namespace

std::unique_ptr<const TorchLayer> make_described_layer(const LayerDescription& layer, ShapeWalk& walk) {
  return std::make_unique<DescribedLayer>(layer, walk);
}

}  // namespace splitlane::training
