#pragma once

#include <memory>
#include <vector>

#include "training/network/layer.hpp"
#include "training/network/network.hpp"

namespace splitlane::training {

/// What a network of libtorch's layers is made of.
struct TorchNetworkParts {
  Model model;
  Shape sample;
  std::vector<std::unique_ptr<const TorchLayer>> layers;
  std::vector<TensorShape> activations;  ///< of one sample, without the batch; entry 0 is the input
};

class TorchNetwork : public Network, public std::enable_shared_from_this<TorchNetwork> {
 public:
  /// Raises kInconsistent where the last layer hands on anything but a number a class.
  explicit TorchNetwork(TorchNetworkParts parts);

  const Model& model() const override { return parts_.model; }
  Shape sample_shape() const override { return parts_.sample; }
  std::int64_t classes() const override { return parts_.activations.back().front(); }
  TensorDescriptor activation(std::int32_t layer, std::int64_t batch) const override;
  NetworkState initial_state(std::uint64_t seed) const override;
  std::unique_ptr<Part> make_part(std::int32_t first, std::int32_t last,
                                  const OptimizerSettings& optimizer) const override;
  BatchScore evaluate(const NetworkState& state, const Tensor& samples, const Tensor& labels) const override;

  /// Numbered from 1.
  const TorchLayer& layer(std::int32_t number) const { return *parts_.layers.at(static_cast<std::size_t>(number) - 1); }

 private:
  TorchNetworkParts parts_;
};

}  // namespace splitlane::training
