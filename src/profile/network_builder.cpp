#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/profile/architecture.hpp"

namespace splitlane {

namespace {

constexpr std::int64_t kNumbersPerChannel = 4;  // scale, shift, running mean, running variance

constexpr std::int64_t kFloatBytes = 4;
constexpr std::int64_t kCounterBytes = 8;
constexpr std::int64_t kBatchNormForward = 4;   // subtract the mean, divide, scale, shift
constexpr std::int64_t kBatchNormBackward = 8;  // the same twice: for the two sums, and for the gradient itself

std::int64_t sliding_size(std::int64_t size, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  return (size + 2 * padding - kernel) / stride + 1;
}

}  // namespace

NetworkBuilder::NetworkBuilder(std::string name, Shape input) : shape_(input) {
  model_.name = std::move(name);
  model_.input_bytes = input.elements() * kFloatBytes;
}

NetworkBuilder& NetworkBuilder::layer(std::string name) {
  Layer added;
  added.name = std::move(name);
  added.activation_bytes = shape_.elements() * kFloatBytes;
  model_.layers.push_back(std::move(added));
  return *this;
}

void NetworkBuilder::add_operation(std::int64_t forward_flops, std::int64_t backward_flops, std::int64_t parameters,
                                   Shape output) {
  Layer& layer = model_.layers.back();
  layer.forward_flops += forward_flops;
  layer.backward_flops += backward_flops;
  layer.weight_bytes += parameters * kFloatBytes;
  layer.activation_bytes = output.elements() * kFloatBytes;
  shape_ = output;
  first_operation_ = false;
}

NetworkBuilder& NetworkBuilder::convolution(const Convolution& convolution) {
  const auto& [channels, kernel, stride, padding, groups, bias] = convolution;
  const Shape output{channels, sliding_size(shape_.height, kernel, stride, padding),
                     sliding_size(shape_.width, kernel, stride, padding)};
  const std::int64_t weights = channels * (shape_.channels / groups) * kernel * kernel;
  const std::int64_t multiply_adds = weights * output.height * output.width;
  const std::int64_t forward = 2 * multiply_adds + (bias ? output.elements() : 0);
  // Nobody asks for the gradient of the data itself.
  const std::int64_t backward = first_operation_ ? forward : 2 * forward;
  add_operation(forward, backward, weights + (bias ? channels : 0), output);
  model_.layers.back().saved_bytes += output.elements() * kFloatBytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::batch_norm() {
  add_operation(kBatchNormForward * shape_.elements(), kBatchNormBackward * shape_.elements(),
                kNumbersPerChannel * shape_.channels, shape_);
  model_.layers.back().weight_bytes += kCounterBytes;
  model_.layers.back().saved_bytes += shape_.elements() * kFloatBytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::activation() {
  add_operation(shape_.elements(), shape_.elements(), 0, shape_);
  return *this;
}

NetworkBuilder& NetworkBuilder::max_pool(std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  const Shape output{shape_.channels, sliding_size(shape_.height, kernel, stride, padding),
                     sliding_size(shape_.width, kernel, stride, padding)};
  const std::int64_t looked_at = output.elements() * kernel * kernel;
  add_operation(looked_at, looked_at, 0, output);
  model_.layers.back().saved_bytes += output.elements() * kFloatBytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::average_pool_to(std::int64_t size) {
  const Shape output{shape_.channels, size, size};
  const std::int64_t looked_at = std::max(shape_.elements(), output.elements());
  add_operation(looked_at, looked_at, 0, output);
  model_.layers.back().saved_bytes += output.elements() * kFloatBytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::linear(std::int64_t outputs) {
  const std::int64_t inputs = shape_.elements();
  const std::int64_t forward = 2 * inputs * outputs + outputs;
  add_operation(forward, 2 * forward, inputs * outputs + outputs, Shape{outputs, 1, 1});
  model_.layers.back().saved_bytes += outputs * kFloatBytes;
  return *this;
}

NetworkBuilder& NetworkBuilder::fork() {
  fork_shape_ = shape_;
  return *this;
}

NetworkBuilder& NetworkBuilder::shortcut() {
  main_shape_ = std::exchange(shape_, fork_shape_);
  return *this;
}

NetworkBuilder& NetworkBuilder::join() {
  if (shape_ != main_shape_) {
    throw Error(ErrorCode::kInconsistent,
                {model_.layers.back().name, "the two paths of a residual block differ in shape",
                 fmt::format("{} x {} x {}", shape_.channels, shape_.height, shape_.width),
                 fmt::format("{} x {} x {}", main_shape_.channels, main_shape_.height, main_shape_.width)});
  }
  add_operation(shape_.elements(), shape_.elements(), 0, shape_);
  model_.layers.back().saved_bytes += shape_.elements() * kFloatBytes;
  return *this;
}

Model NetworkBuilder::build() {
  validate(model_);
  return std::exchange(model_, Model());
}

}  // namespace splitlane
