#pragma once

#include <cstdint>

#include "training/network/network.hpp"
#include "training/network/torch.hpp"

namespace splitlane::training {

/// What an optimizer remembers of one parameter.
struct ParameterMemory {
  std::int64_t steps = 0;
  at::Tensor momentum;        ///< of kMomentum; kAdam's mean gradient
  at::Tensor squared_moment;  ///< of kAdam
};

/// Moves a parameter against its gradient, by the formulas and in the order of operations of PyTorch 1.13's
/// torch.optim.SGD (without dampening or Nesterov momentum) and torch.optim.Adam (without AMSGrad), so that the bits
/// are theirs. `parameter` is written in place.
void update_parameter(const OptimizerSettings& optimizer, double learning_rate, const at::Tensor& gradient,
                      const at::Tensor& parameter, ParameterMemory& memory);

}  // namespace splitlane::training
