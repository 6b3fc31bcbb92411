#pragma once

#include <memory>
#include <vector>

#include "training/network/layer.hpp"
#include "training/network/network.hpp"
#include "training/network/update_rule.hpp"

namespace splitlane::training {

class TorchNetwork;

/// Layers [first, last] of a network, with a tape of their own each: a layer's backward needs nothing but what the
/// layer itself kept, so that a node may turn to another part between any two layers.
class TorchPart : public Part {
 public:
  TorchPart(std::shared_ptr<const TorchNetwork> network, std::int32_t first, std::int32_t last,
            const OptimizerSettings& optimizer);

  std::int32_t first_layer() const override { return first_; }
  std::int32_t last_layer() const override { return first_ + static_cast<std::int32_t>(layers_.size()) - 1; }

  void load(std::span<const LayerState> state) override;
  NetworkState state() const override;

  void begin_forward(const BatchKey& key, double learning_rate, const Tensor& input) override;
  void forward_layer() override;
  Tensor output() const override;
  BatchScore score(const Tensor& labels) override;

  void begin_backward(const Tensor& output_gradient) override;
  void differentiate_layer() override;
  void update_layer() override;
  Tensor input_gradient() const override;

 private:
  enum class Phase { kEmpty, kIdle, kForward, kOutput, kBackward, kUpdate, kDone };

  struct PartLayer {
    std::unique_ptr<BoundLayer> layer;
    std::vector<at::Tensor> values;  // one a slot
    std::vector<ParameterMemory> memories;
    at::Tensor input;  // of the batch in progress, where its gradient arrives
    at::Tensor output;
  };

  const TorchLayer& kind(std::size_t position) const;
  void require_phase(Phase phase, const char* call) const;
  void require_descriptor(const Tensor& tensor, const TensorDescriptor& expected, const char* what) const;

  std::shared_ptr<const TorchNetwork> network_;
  std::int32_t first_;
  OptimizerSettings optimizer_;
  std::vector<PartLayer> layers_;
  Phase phase_ = Phase::kEmpty;
  std::size_t done_ = 0;  // layers of the phase in progress
  BatchKey key_;
  double learning_rate_ = 0;
  at::Tensor gradient_;  // of the output of the layer whose backward is next
};

}  // namespace splitlane::training
