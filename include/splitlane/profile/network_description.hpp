#pragma once

#include <cstdint>
#include <string>
#include <variant>
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

/// "64 x 8 x 8".
std::string described(const Shape& shape);

/// A two-dimensional convolution with a square kernel.
struct Convolution {
  std::int64_t channels = 0;  ///< out
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t padding = 1;
  std::int64_t groups = 1;
  bool bias = false;
};

/// Over the channels of images.
struct BatchNorm {};

enum class ActivationKind : std::uint8_t {
  kRelu,
  kRelu6,  ///< min(max(x, 0), 6)
};
struct Activation {
  ActivationKind kind = ActivationKind::kRelu;
};

struct MaxPool {
  std::int64_t kernel = 2;
  std::int64_t stride = 2;
  std::int64_t padding = 0;
};

/// Averages down (or, as VGG's head on small images does, repeats up) to size x size.
struct AveragePoolTo {
  std::int64_t size = 1;
};

/// Of all elements of a sample, with a bias.
struct Linear {
  std::int64_t outputs = 0;
};

/// While training, sets elements to zero and scales the others up, so that the mean stays.
struct Dropout {
  double probability = 0.5;
};

/// A residual block is `Fork`, the main path, `Shortcut`, the path that goes on from the fork, and `Join`, their sum.
struct Fork {};
struct Shortcut {};
struct Join {};

using Operation =
    std::variant<Convolution, BatchNorm, Activation, MaxPool, AveragePoolTo, Linear, Dropout, Fork, Shortcut, Join>;

/// Operations in their order, which are one layer: nothing is cut between them.
struct LayerDescription {
  std::string name;
  std::vector<Operation> operations;
};

/// A network operation by operation: what it costs (`model_of`) and what really runs are both made of this.
struct NetworkDescription {
  std::string name;
  std::string description;
  std::string source;
  Shape sample;
  std::vector<LayerDescription> layers;
};

/// Follows the shape of a sample through operations, in their order.
class ShapeWalk {
 public:
  explicit ShapeWalk(Shape input) : shape_(input) {}

  Shape shape() const { return shape_; }
  /// Raises kInconsistent, naming `layer`, where an operation leaves nothing of the sample, where channels do not
  /// divide into groups, or where the two paths of a residual block differ in shape.
  void pass(const Operation& operation, const std::string& layer);

 private:
  Shape shape_;
  Shape fork_shape_;
  Shape main_shape_;
};

/// Writes a description down, layer by layer.
class NetworkBuilder {
 public:
  NetworkBuilder(std::string name, Shape sample);

  /// The operations that follow belong to this layer.
  NetworkBuilder& layer(std::string name);
  /// Raises what ShapeWalk::pass raises.
  NetworkBuilder& add(const Operation& operation);

  NetworkBuilder& convolution(const Convolution& convolution) { return add(convolution); }
  NetworkBuilder& batch_norm() { return add(BatchNorm{}); }
  NetworkBuilder& activation(ActivationKind kind = ActivationKind::kRelu) { return add(Activation{kind}); }
  NetworkBuilder& max_pool(const MaxPool& pool) { return add(pool); }
  NetworkBuilder& average_pool_to(std::int64_t size) { return add(AveragePoolTo{size}); }
  NetworkBuilder& linear(std::int64_t outputs) { return add(Linear{outputs}); }
  /// Nothing at all for a probability of 0.
  NetworkBuilder& dropout(double probability);
  NetworkBuilder& fork() { return add(Fork{}); }
  NetworkBuilder& shortcut() { return add(Shortcut{}); }
  NetworkBuilder& join() { return add(Join{}); }

  /// After the operations so far.
  Shape shape() const { return walk_.shape(); }
  /// The builder is empty afterwards.
  NetworkDescription build();

 private:
  NetworkDescription network_;
  ShapeWalk walk_;
};

/// Adds up the exact arithmetic of a network, operation by operation, in 32-bit floats.
///
/// Forward FLOPs of one sample: convolution and linear 2 per multiply-add and 1 per bias; batch norm 4, activation 1
/// and residual sum 1 per element; pooling 1 per element looked at. Backward: convolution and linear twice their
/// forward (gradient of the input and of the weights; only the latter for the network's very first operation), batch
/// norm 8 per element, the others as forward. Activations saved for the backward pass: the output of everything but
/// activation functions, which work in place. Batch norm holds four numbers a channel and a 64-bit counter. Dropout
/// counts as nothing: published figures of networks leave it out.
/// Raises what `validate` and ShapeWalk::pass raise. Cost O(operations).
Model model_of(const NetworkDescription& network);

}  // namespace splitlane
