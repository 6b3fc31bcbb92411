#include <algorithm>
#include <utility>

#include "splitlane/profile/network_description.hpp"

namespace splitlane {

namespace {

constexpr std::int64_t kNumbersPerChannel = 4;  // scale, shift, running mean, running variance

constexpr std::int64_t kFloatBytes = 4;
constexpr std::int64_t kCounterBytes = 8;
constexpr std::int64_t kBatchNormForward = 4;   // subtract the mean, divide, scale, shift
constexpr std::int64_t kBatchNormBackward = 8;  // the same twice: for the two sums, and for the gradient itself

struct OperationCosts {
  std::int64_t forward_flops = 0;
  std::int64_t backward_flops = 0;
  std::int64_t weight_bytes = 0;
  bool saves_output = false;
};

// Of an operation that takes `input` and hands on `output`.
struct CostsOfOperation {
  Shape input;
  Shape output;
  bool is_first = false;  // of the network

  OperationCosts operator()(const Convolution& convolution) const {
    const auto& [channels, kernel, stride, padding, groups, bias] = convolution;
    const std::int64_t weights = channels * (input.channels / groups) * kernel * kernel;
    const std::int64_t multiply_adds = weights * output.height * output.width;
    const std::int64_t forward = 2 * multiply_adds + (bias ? output.elements() : 0);
    // Nobody asks for the gradient of the data itself.
    const std::int64_t backward = is_first ? forward : 2 * forward;
    return {forward, backward, (weights + (bias ? channels : 0)) * kFloatBytes, true};
  }
  OperationCosts operator()(const BatchNorm& /*norm*/) const {
    return {kBatchNormForward * input.elements(), kBatchNormBackward * input.elements(),
            kNumbersPerChannel * input.channels * kFloatBytes + kCounterBytes, true};
  }
  OperationCosts operator()(const Activation& /*activation*/) const {
    return {input.elements(), input.elements(), 0, false};
  }
  OperationCosts operator()(const MaxPool& pool) const {
    const std::int64_t looked_at = output.elements() * pool.kernel * pool.kernel;
    return {looked_at, looked_at, 0, true};
  }
  OperationCosts operator()(const AveragePoolTo& /*pool*/) const {
    const std::int64_t looked_at = std::max(input.elements(), output.elements());
    return {looked_at, looked_at, 0, true};
  }
  OperationCosts operator()(const Linear& linear) const {
    const std::int64_t weights = input.elements() * linear.outputs;
    const std::int64_t forward = 2 * weights + linear.outputs;
    return {forward, 2 * forward, (weights + linear.outputs) * kFloatBytes, true};
  }
  OperationCosts operator()(const Join& /*join*/) const { return {input.elements(), input.elements(), 0, true}; }
  template <class Other>
  OperationCosts operator()(const Other& /*costs nothing*/) const {
    return {};
  }
};

class CostWalk {
 public:
  explicit CostWalk(Shape sample) : walk_(sample) {}

  Layer costs_of(const LayerDescription& description) {
    Layer layer;
    layer.name = description.name;
    for (const Operation& operation : description.operations) {
      const Shape before = walk_.shape();
      walk_.pass(operation, description.name);
      const OperationCosts costs = std::visit(CostsOfOperation{before, walk_.shape(), is_first_}, operation);
      layer.forward_flops += costs.forward_flops;
      layer.backward_flops += costs.backward_flops;
      layer.weight_bytes += costs.weight_bytes;
      if (costs.saves_output) layer.saved_bytes += walk_.shape().elements() * kFloatBytes;
      is_first_ = is_first_ && costs.forward_flops == 0;
    }
    layer.activation_bytes = walk_.shape().elements() * kFloatBytes;
    return layer;
  }

 private:
  ShapeWalk walk_;
  bool is_first_ = true;
};

}  // namespace

Model model_of(const NetworkDescription& network) {
  Model model;
  model.name = network.name;
  model.description = network.description;
  model.source = network.source;
  model.input_bytes = network.sample.elements() * kFloatBytes;
  CostWalk walk(network.sample);
  for (const LayerDescription& layer : network.layers) model.layers.push_back(walk.costs_of(layer));
  validate(model);
  return model;
}

}  // namespace splitlane
