#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "training/network/torch.hpp"
#include "training/network/weight_slot.hpp"

namespace splitlane::training {

/// A layer with weights, which it shares with its owner: it writes to its buffers while training.
class BoundLayer {
 public:
  virtual ~BoundLayer() = default;
  /// Training mode; all that is random comes from `seed`.
  virtual at::Tensor trained_forward(const at::Tensor& input, std::uint64_t seed) = 0;
  /// Evaluation mode: no dropout, running means.
  virtual at::Tensor evaluated_forward(const at::Tensor& input) = 0;
  /// One a slot. A parameter is always the tensor that the layer was bound to; a buffer may have become another.
  virtual std::vector<at::Tensor> values() const = 0;
};

/// What a layer computes, without its weights. Immutable; safe from any thread.
class TorchLayer {
 public:
  virtual ~TorchLayer() = default;

  virtual const std::string& name() const = 0;
  /// In PyTorch's order: of each module its parameters, then its buffers, then those of its children.
  virtual const std::vector<WeightSlot>& slots() const = 0;
  /// Whether it writes to its input. It is then given a copy.
  virtual bool works_in_place() const { return false; }
  /// Values of the slots to begin with.
  virtual std::vector<at::Tensor> initial_values(std::uint64_t seed) const = 0;
  /// With one value a slot.
  virtual std::unique_ptr<BoundLayer> bound_to(std::vector<at::Tensor> values) const = 0;
};

}  // namespace splitlane::training
