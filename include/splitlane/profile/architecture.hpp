#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/model.hpp"

namespace splitlane {

/// Channels, height and width of one sample.
struct Shape {
  std::int64_t channels = 0;
  std::int64_t height = 1;
  std::int64_t width = 1;

  std::int64_t elements() const { return channels * height * width; }
  bool operator==(const Shape&) const = default;
};

/// A two-dimensional convolution with a square kernel.
struct Convolution {
  std::int64_t channels = 0;  ///< out
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t padding = 1;
  std::int64_t groups = 1;
  bool bias = false;
};

/// Adds up the exact arithmetic of a network, operation by operation, in 32-bit floats.
///
/// Forward FLOPs of one sample: convolution and linear 2 per multiply-add and 1 per bias; batch norm 4, activation 1
/// and residual sum 1 per element; pooling 1 per element looked at. Backward: convolution and linear twice their
/// forward (gradient of the input and of the weights; only the latter for the network's very first operation), batch
/// norm 8 per element, the others as forward. Activations saved for the backward pass: the output of everything but
/// activation functions, which work in place. Batch norm holds four numbers a channel and a 64-bit counter.
class NetworkBuilder {
 public:
  NetworkBuilder(std::string name, Shape input);

  /// The operations that follow belong to this layer.
  NetworkBuilder& layer(std::string name);

  NetworkBuilder& convolution(const Convolution& convolution);
  NetworkBuilder& batch_norm();
  NetworkBuilder& activation();
  NetworkBuilder& max_pool(std::int64_t kernel, std::int64_t stride, std::int64_t padding);
  /// Averages down (or, as VGG's head on small images does, repeats up) to size x size.
  NetworkBuilder& average_pool_to(std::int64_t size);
  NetworkBuilder& linear(std::int64_t outputs);

  /// A residual block: `fork`, the main path, `shortcut` (which goes on from the fork), its operations, `join`.
  NetworkBuilder& fork();
  NetworkBuilder& shortcut();
  NetworkBuilder& join();

  Shape shape() const { return shape_; }
  /// Raises what `validate` raises. The builder is empty afterwards.
  Model build();

 private:
  void add_operation(std::int64_t forward_flops, std::int64_t backward_flops, std::int64_t parameters, Shape output);

  Model model_;
  Shape shape_;
  Shape fork_shape_;
  Shape main_shape_;
  bool first_operation_ = true;
};

/// The names that `build_architecture` knows, in a fixed order.
const std::vector<std::string>& architecture_names();

/// A network by name, e.g. "resnet101_cifar"; without a data set ("resnet101") it is the CIFAR one.
/// Raises kUnknownId with the known names. Cost O(layers).
Model build_architecture(std::string_view name);
/// Whether `build_architecture` knows it.
bool is_architecture(std::string_view name);

}  // namespace splitlane
