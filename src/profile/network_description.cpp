#include "splitlane/profile/network_description.hpp"

#include <fmt/format.h>

#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

std::int64_t sliding_size(std::int64_t size, std::int64_t kernel, std::int64_t stride, std::int64_t padding) {
  const std::int64_t room = size + 2 * padding - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

// The shape after an operation of one path; forks and joins are the walk's.
struct ShapeAfter {
  Shape shape;

  Shape operator()(const Convolution& convolution) const {
    const auto& [channels, kernel, stride, padding, groups, bias] = convolution;
    return {channels, sliding_size(shape.height, kernel, stride, padding),
            sliding_size(shape.width, kernel, stride, padding)};
  }
  Shape operator()(const MaxPool& pool) const {
    return {shape.channels, sliding_size(shape.height, pool.kernel, pool.stride, pool.padding),
            sliding_size(shape.width, pool.kernel, pool.stride, pool.padding)};
  }
  Shape operator()(const AveragePoolTo& pool) const { return {shape.channels, pool.size, pool.size}; }
  Shape operator()(const Linear& linear) const { return {linear.outputs, 1, 1}; }
  template <class Other>
  Shape operator()(const Other& /*keeps the shape*/) const {
    return shape;
  }
};

}  // namespace

std::string described(const Shape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

void ShapeWalk::pass(const Operation& operation, const std::string& layer) {
  if (std::holds_alternative<Fork>(operation)) fork_shape_ = shape_;
  if (std::holds_alternative<Shortcut>(operation)) main_shape_ = std::exchange(shape_, fork_shape_);
  if (std::holds_alternative<Join>(operation) && shape_ != main_shape_) {
    throw Error(ErrorCode::kInconsistent, {layer, "the two paths of a residual block differ in shape",
                                           described(shape_), described(main_shape_)});
  }
  const auto* const convolution = std::get_if<Convolution>(&operation);
  if (convolution != nullptr && shape_.channels % convolution->groups != 0) {
    throw Error(ErrorCode::kInconsistent, {layer, "channels do not divide into groups", described(shape_),
                                           fmt::format("a multiple of {}", convolution->groups)});
  }
  const Shape after = std::visit(ShapeAfter{shape_}, operation);
  if (after.channels < 1 || after.height < 1 || after.width < 1) {
    throw Error(ErrorCode::kInconsistent,
                {layer, "nothing is left of a sample", described(shape_) + " before it", "larger samples"});
  }
  shape_ = after;
}

NetworkBuilder::NetworkBuilder(std::string name, Shape sample) : walk_(sample) {
  network_.name = std::move(name);
  network_.sample = sample;
}

NetworkBuilder& NetworkBuilder::layer(std::string name) {
  network_.layers.push_back({std::move(name), {}});
  return *this;
}

NetworkBuilder& NetworkBuilder::add(const Operation& operation) {
  walk_.pass(operation, network_.layers.back().name);
  network_.layers.back().operations.push_back(operation);
  return *this;
}

NetworkBuilder& NetworkBuilder::dropout(double probability) {
  return probability == 0 ? *this : add(Dropout{probability});
}

NetworkDescription NetworkBuilder::build() { return std::exchange(network_, NetworkDescription()); }

}  // namespace splitlane
