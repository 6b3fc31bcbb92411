#pragma once

#include <memory>
#include <vector>

#include "training/network/random_seed.hpp"
#include "training/network/support.hpp"
#include "training/network/torch_api.hpp"

namespace splitlane::training::test {

inline at::Tensor torch_copy(const Tensor& tensor) {
  const auto type = tensor.type() == DataType::kFloat32 ? torch::kFloat : torch::kLong;
  return torch::from_blob(const_cast<std::byte*>(tensor.data().get()), tensor.shape(), type).clone();
}

inline Tensor copy_of(const at::Tensor& tensor) {
  const at::Tensor values = tensor.detach().contiguous();
  const DataType type = values.scalar_type() == torch::kFloat ? DataType::kFloat32 : DataType::kInt64;
  TensorBuffer buffer({type, values.sizes().vec()});
  std::memcpy(buffer.bytes().data(), values.data_ptr(), values.nbytes());
  return std::move(buffer).finished();
}

/// A described network as a user of PyTorch would write it, with torch::nn's modules: one graph for the whole of it.
class ReferenceNetwork {
 public:
  explicit ReferenceNetwork(const NetworkDescription& network) : network_(network) {
    ShapeWalk walk(network.sample);
    for (const LayerDescription& layer : network.layers) {
      modules_.emplace_back();
      for (const Operation& operation : layer.operations) {
        modules_.back().push_back(module_for(operation, walk.shape()));
        walk.pass(operation, layer.name);
      }
    }
  }

  std::vector<at::Tensor> parameters() const {
    std::vector<at::Tensor> all;
    for (const auto& layer : modules_) {
      for (const auto& module : layer) {
        if (module != nullptr) {
          for (const at::Tensor& parameter : module->parameters()) all.push_back(parameter);
        }
      }
    }
    return all;
  }

  void load(const NetworkState& state) {
    const torch::NoGradGuard no_gradients;
    for (std::size_t layer = 0; layer < state.size(); ++layer) {
      for (const auto& [name, value] : state[layer]) tensor(layer, name).copy_(torch_copy(value));
    }
  }
  /// With the names of `like`.
  NetworkState state(NetworkState like) const {
    for (std::size_t layer = 0; layer < like.size(); ++layer) {
      for (auto& [name, value] : like[layer]) value = copy_of(tensor(layer, name));
    }
    return like;
  }

  at::Tensor forward(const at::Tensor& samples, const BatchKey& key) {
    at::Tensor value = samples;
    for (std::size_t layer = 0; layer < modules_.size(); ++layer) {
      // PyTorch's own dropout, which draws from the generator of the process.
      torch::manual_seed(batch_seed(key, static_cast<std::int32_t>(layer) + 1));
      for (std::size_t at = 0; at < modules_[layer].size(); ++at) {
        value = result_of(network_.layers[layer].operations[at], modules_[layer][at], value);
      }
    }
    return value;
  }

 private:
  using Module = std::shared_ptr<torch::nn::Module>;

  static Module module_for(const Operation& operation, const Shape& input) {
    if (const auto* const convolution = std::get_if<Convolution>(&operation)) {
      const auto& [channels, kernel, stride, padding, groups, bias] = *convolution;
      return torch::nn::Conv2d(torch::nn::Conv2dOptions(input.channels, channels, kernel)
                                   .stride(stride)
                                   .padding(padding)
                                   .groups(groups)
                                   .bias(bias))
          .ptr();
    }
    if (const auto* const linear = std::get_if<Linear>(&operation)) {
      return torch::nn::Linear(input.elements(), linear->outputs).ptr();
    }
    if (std::holds_alternative<BatchNorm>(operation)) return torch::nn::BatchNorm2d(input.channels).ptr();
    return nullptr;
  }

  at::Tensor result_of(const Operation& operation, const Module& module, const at::Tensor& input) {
    namespace F = torch::nn::functional;
    if (std::holds_alternative<Convolution>(operation)) return module->as<torch::nn::Conv2d>()->forward(input);
    if (std::holds_alternative<BatchNorm>(operation)) return module->as<torch::nn::BatchNorm2d>()->forward(input);
    if (std::holds_alternative<Linear>(operation)) return module->as<torch::nn::Linear>()->forward(input.flatten(1));
    if (const auto* const activation = std::get_if<Activation>(&operation)) {
      return activation->kind == ActivationKind::kRelu ? F::relu(input) : F::relu6(input);
    }
    if (const auto* const pool = std::get_if<MaxPool>(&operation)) {
      return F::max_pool2d(input, F::MaxPool2dFuncOptions(pool->kernel).stride(pool->stride).padding(pool->padding));
    }
    if (const auto* const pool = std::get_if<AveragePoolTo>(&operation)) {
      return F::adaptive_avg_pool2d(input, F::AdaptiveAvgPool2dFuncOptions({pool->size, pool->size}));
    }
    if (const auto* const dropout = std::get_if<Dropout>(&operation)) {
      return F::dropout(input, F::DropoutFuncOptions().p(dropout->probability).training(true));
    }
    if (std::holds_alternative<Fork>(operation)) fork_ = input;
    if (std::holds_alternative<Shortcut>(operation)) {
      main_path_ = input;
      return fork_;
    }
    return std::holds_alternative<Join>(operation) ? main_path_ + input : input;
  }

  at::Tensor tensor(std::size_t layer, const std::string& name) const {
    const std::size_t dot = name.find('.');
    const Module& module = modules_[layer].at(std::stoul(name.substr(0, dot)));
    const std::string weight = name.substr(dot + 1);
    const auto parameters = module->named_parameters();
    return parameters.contains(weight) ? parameters[weight] : module->named_buffers()[weight];
  }

  NetworkDescription network_;
  std::vector<std::vector<Module>> modules_;
  at::Tensor fork_;
  at::Tensor main_path_;
};

inline std::unique_ptr<torch::optim::Optimizer> reference_optimizer(const OptimizerSettings& settings,
                                                                    const std::vector<at::Tensor>& parameters,
                                                                    double learning_rate) {
  if (settings.kind == Optimizer::kAdam) {
    return std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(learning_rate)
                                                                .betas({settings.beta_1, settings.beta_2})
                                                                .eps(settings.epsilon)
                                                                .weight_decay(settings.weight_decay));
  }
  const double momentum = settings.kind == Optimizer::kMomentum ? settings.momentum : 0;
  return std::make_unique<torch::optim::SGD>(
      parameters, torch::optim::SGDOptions(learning_rate).momentum(momentum).weight_decay(settings.weight_decay));
}

/// One batch of a whole network; returns the loss.
template <class Forward>
double reference_step(torch::optim::Optimizer& optimizer, const Batch& batch, const Forward& forward) {
  optimizer.zero_grad();
  const at::Tensor loss =
      torch::nn::functional::cross_entropy(forward(torch_copy(batch.samples)), torch_copy(batch.labels));
  loss.backward();
  optimizer.step();
  return static_cast<double>(loss.item<float>());
}

}  // namespace splitlane::training::test
