#pragma once

#include <memory>
#include <string>

#include "training/network/layer.hpp"

namespace torch::jit {
struct Module;
}

namespace splitlane::training {

/// A module of a TorchScript file.
class ScriptLayer : public TorchLayer {
 public:
  /// Raises kInconsistent for weights of a type that no Tensor has.
  ScriptLayer(std::string name, const torch::jit::Module& module);
  ~ScriptLayer() override;

  const std::string& name() const override { return name_; }
  const std::vector<WeightSlot>& slots() const override { return slots_; }
  bool works_in_place() const override { return works_in_place_; }
  std::vector<at::Tensor> initial_values(std::uint64_t seed) const override;
  std::unique_ptr<BoundLayer> bound_to(std::vector<at::Tensor> values) const override;

  /// Runs a copy in training mode, remembers what it does, and returns its output. Raises kInconsistent where it fails
  /// or returns anything but one tensor of float32.
  at::Tensor try_out(const at::Tensor& input);

 private:
  std::string name_;
  std::unique_ptr<const torch::jit::Module> module_;
  std::vector<WeightSlot> slots_;
  bool works_in_place_ = false;
  bool draws_random_numbers_ = false;
};

}  // namespace splitlane::training
