#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/model.hpp"
#include "training/network/part.hpp"
#include "training/network/state.hpp"

namespace splitlane::training {

/// How weights follow their gradients.
struct OptimizerSettings {
  Optimizer kind = Optimizer::kMomentum;
  double momentum = 0.9;  ///< of kMomentum
  double weight_decay = 0;
  double beta_1 = 0.9;  ///< of kAdam
  double beta_2 = 0.999;
  double epsilon = 1e-8;
};

/// Loss and accuracy over many samples.
struct Evaluation {
  std::int64_t samples = 0;
  double loss = 0;
  double accuracy = 0;  ///< 0 to 1
};

/// A network that can be trained in parts. Immutable, and shared by all nodes of a process; safe from any thread.
class Network {
 public:
  virtual ~Network() = default;

  /// Names and exact sizes of its layers, numbered as cut layers are.
  virtual const Model& model() const = 0;
  virtual Shape sample_shape() const = 0;
  virtual std::int64_t classes() const = 0;
  /// What layer `layer` hands on for a batch of so many samples; layer 0 is the input.
  virtual TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const = 0;

  /// Weights to begin with. The same seed gives the same bits.
  virtual NetworkState initial_state(std::uint64_t seed) const = 0;
  /// Layers [first, last] with `initial_state(0)`'s shapes; `load` gives the weights. The part keeps the network.
  /// Raises kOutOfRange for layers that are none.
  virtual std::unique_ptr<Part> make_part(std::int32_t first, std::int32_t last,
                                          const OptimizerSettings& optimizer) const = 0;
  /// One batch's share of an evaluation, in evaluation mode (no dropout, running means). Raises kInconsistent for
  /// weights, samples or labels that are not the network's.
  virtual BatchScore evaluate(const NetworkState& state, const Tensor& samples, const Tensor& labels) const = 0;
};

/// A network of `architecture_names()`, built of libtorch's layers: `describe_architecture` says what `sample`,
/// `classes` and `dropout` change, and what is refused. Weights begin as PyTorch's defaults, drawn anew for each layer
/// from the seed and the layer's number.
std::shared_ptr<const Network> make_architecture_network(std::string_view name, std::optional<std::int64_t> classes,
                                                         std::optional<Shape> sample, double dropout = 0);
/// The same of any description.
std::shared_ptr<const Network> make_described_network(const NetworkDescription& description);

/// A TorchScript file whose top level is a Sequential: each child is a layer, at least three of them, of float32
/// tensors. `splitlane.torch.export` writes one. Sizes are found by a trial of a batch of two; FLOPs are unknown and 0.
/// Weights begin as they are in the file, whatever the seed. A layer that draws random numbers (dropout) draws them
/// from libtorch's own generator, which is seeded for the call and put back: no two such layers of a process run at a
/// time, and nothing else in the process may draw from that generator meanwhile. Raises kFile and kInconsistent.
std::shared_ptr<const Network> load_torchscript_network(const std::filesystem::path& file, Shape sample);
/// Computes nothing, and hands on zeros of the model's sizes: for emulations that no machine could compute, and for
/// measuring the runtime itself. Weights are empty tensors, one for each layer that has any, and the loss is that of
/// guessing. Raises kInconsistent where `sample` has not the model's input size.
std::shared_ptr<const Network> make_idle_network(Model model, Shape sample, std::int64_t classes);

/// Threads that one layer's computation may use from the calling thread on; each worker thread must say so itself.
void set_layer_threads(int threads);
/// What computes the layers: "libtorch 1.13.1".
std::string layer_library();

}  // namespace splitlane::training
