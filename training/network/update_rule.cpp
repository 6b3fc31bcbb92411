#include "training/network/update_rule.hpp"

#include <cmath>

namespace splitlane::training {

namespace {

void update_by_momentum(const OptimizerSettings& optimizer, double learning_rate, const at::Tensor& gradient,
                        const at::Tensor& parameter, ParameterMemory& memory) {
  at::Tensor step = gradient;
  if (optimizer.kind == Optimizer::kMomentum && optimizer.momentum != 0) {
    if (memory.momentum.defined()) {
      memory.momentum.mul_(optimizer.momentum).add_(step, 1);
    } else {
      memory.momentum = step.clone();
    }
    step = memory.momentum;
  }
  parameter.add_(step, -learning_rate);
}

void update_by_adam(const OptimizerSettings& optimizer, double learning_rate, const at::Tensor& gradient,
                    const at::Tensor& parameter, ParameterMemory& memory) {
  if (!memory.momentum.defined()) {
    memory.momentum = at::zeros_like(parameter);
    memory.squared_moment = at::zeros_like(parameter);
  }
  const auto steps = static_cast<double>(memory.steps);
  const double correction_1 = 1 - std::pow(optimizer.beta_1, steps);
  const double correction_2 = 1 - std::pow(optimizer.beta_2, steps);
  memory.momentum.mul_(optimizer.beta_1).add_(gradient, 1 - optimizer.beta_1);
  memory.squared_moment.mul_(optimizer.beta_2).addcmul_(gradient, gradient, 1 - optimizer.beta_2);
  const at::Tensor divisor = (memory.squared_moment.sqrt() / std::sqrt(correction_2)).add_(optimizer.epsilon);
  parameter.addcdiv_(memory.momentum, divisor, -(learning_rate / correction_1));
}

}  // namespace

void update_parameter(const OptimizerSettings& optimizer, double learning_rate, const at::Tensor& gradient,
                      const at::Tensor& parameter, ParameterMemory& memory) {
  ++memory.steps;
  const at::Tensor decayed = optimizer.weight_decay == 0 ? gradient : gradient.add(parameter, optimizer.weight_decay);
  if (optimizer.kind == Optimizer::kAdam) {
    update_by_adam(optimizer, learning_rate, decayed, parameter, memory);
  } else {
    update_by_momentum(optimizer, learning_rate, decayed, parameter, memory);
  }
}

}  // namespace splitlane::training
