#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "training/network/state.hpp"
#include "training/tensor/batch_key.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// What one batch came to at the end of forward. Means are over samples.
struct BatchScore {
  std::int64_t samples = 0;
  double loss = 0;           ///< mean cross entropy
  std::int64_t correct = 0;  ///< samples whose largest output is their label
};

/// Consecutive layers of a network as one node holds them for one client: weights, gradients, optimizer state, and what
/// the batch in progress must remember. One batch at a time:
///
///     part.begin_forward(key, learning_rate, input);
///     for each layer: part.forward_layer();          // first to last; may pause for any time between layers
///     part.output() -> to the next part, or score(labels) for the part with the last layer
///     part.begin_backward(gradient of the output);   // not after score()
///     for each layer: part.backward_layer();         // last to first; each updates its own weights
///     part.input_gradient() -> to the part before
///
/// A layer's update is part of its backward: it needs nothing of the layers before it. Calls come one at a time, from
/// any thread, and out of order raise kInternal. The same calls give the same bits on every machine of one kind.
class Part {
 public:
  virtual ~Part() = default;

  virtual std::int32_t first_layer() const = 0;  ///< from 1
  virtual std::int32_t last_layer() const = 0;   ///< at least first_layer

  /// Takes these weights, one entry a layer, and forgets optimizer state and batch. Raises kInconsistent for other
  /// names, types or shapes than the network's.
  virtual void load(std::span<const LayerState> state) = 0;
  virtual NetworkState state() const = 0;

  /// Gives up a batch in progress; what its forward did to buffers stays. Raises kInconsistent where the input has not
  /// the shape that the network's first layer here takes.
  virtual void begin_forward(const BatchKey& key, double learning_rate, const Tensor& input) = 0;
  virtual void forward_layer() = 0;
  virtual Tensor output() const = 0;
  /// Loss of the output; its gradient begins backward. Labels are int64, one a sample.
  virtual BatchScore score(const Tensor& labels) = 0;

  virtual void begin_backward(const Tensor& output_gradient) = 0;
  void backward_layer() {
    differentiate_layer();
    update_layer();
  }
  /// The two halves of `backward_layer`, for who wants to time them: gradients first.
  virtual void differentiate_layer() = 0;
  virtual void update_layer() = 0;
  /// Empty for a part that begins with layer 1.
  virtual Tensor input_gradient() const = 0;
};

}  // namespace splitlane::training
