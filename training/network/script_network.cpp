#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>

#include <fstream>
#include <map>
#include <utility>

#include "splitlane/error.hpp"
#include "training/network/loss.hpp"
#include "training/network/script_layer.hpp"
#include "training/network/torch_network.hpp"

namespace splitlane::training {

namespace {

using torch::jit::Module;

// Batch norm needs two samples where an image has one pixel.
constexpr std::int64_t kTrialBatch = 2;
constexpr std::size_t kFewestLayers = 3;

Module module_in(const std::filesystem::path& file) {
  // libtorch takes a folder for a file.
  const bool is_file = std::filesystem::is_regular_file(file);
  if (!is_file || !std::ifstream(file)) {
    throw Error(ErrorCode::kFile, {file.string(), "cannot be read", "", "a TorchScript file"});
  }
  try {
    return torch::jit::load(file.string(), at::Device(at::kCPU));
  } catch (const std::exception& reason) {
    throw Error(ErrorCode::kInconsistent, {file.string(), "is no TorchScript file that libtorch reads",
                                           first_line(reason), "what torch.jit.save writes"});
  }
}

bool is_sequential(const Module& module) {
  return module.type()->name().has_value() && module.type()->name()->name() == "Sequential";
}

struct NamedModule {
  std::string name;
  Module module;
};

std::vector<NamedModule> layers_of(const Module& module, const std::string& where) {
  if (!is_sequential(module)) {
    const auto name = module.type()->name();
    throw Error(ErrorCode::kInconsistent, {where, "the top level of the network is no Sequential",
                                           name.has_value() ? name->name() : "another module", "Sequential"});
  }
  std::vector<NamedModule> layers;
  for (const auto& child : module.named_children()) layers.push_back({child.name, child.value});
  if (layers.size() < kFewestLayers) {
    throw Error(ErrorCode::kInconsistent, {where, "too few layers to cut twice", fmt::format("{}", layers.size()),
                                           fmt::format("at least {}", kFewestLayers)});
  }
  return layers;
}

// Each layer updates its own weights, and two nodes cannot share one.
void require_no_shared_weights(const std::vector<std::unique_ptr<ScriptLayer>>& layers, const std::string& where) {
  std::map<const void*, std::string> owners;
  for (const auto& layer : layers) {
    for (const at::Tensor& value : layer->initial_values(0)) {
      if (value.numel() == 0) continue;
      const auto [owner, is_new] = owners.emplace(value.data_ptr(), layer->name());
      if (!is_new) {
        throw Error(ErrorCode::kInconsistent,
                    {where, "two layers share a weight", fmt::format("{} and {}", owner->second, layer->name()),
                     "weights of its own for each layer"});
      }
    }
  }
}

Layer costs_of(const ScriptLayer& layer, const at::Tensor& output) {
  Layer costs;
  costs.name = layer.name();
  costs.activation_bytes = static_cast<std::int64_t>(output.nbytes()) / kTrialBatch;
  costs.saved_bytes = costs.activation_bytes;
  for (const WeightSlot& slot : layer.slots()) costs.weight_bytes += static_cast<std::int64_t>(slot.descriptor.bytes());
  return costs;
}

TensorShape without_batch(const at::Tensor& tensor) {
  TensorShape shape = tensor.sizes().vec();
  shape.erase(shape.begin());
  return shape;
}

}  // namespace

std::shared_ptr<const Network> load_torchscript_network(const std::filesystem::path& file, Shape sample) {
  const std::string where = file.string();
  std::vector<std::unique_ptr<ScriptLayer>> layers;
  for (const auto& [name, module] : layers_of(module_in(file), where)) {
    layers.push_back(std::make_unique<ScriptLayer>(name, module));
  }
  require_no_shared_weights(layers, where);
  at::Tensor value = at::zeros({kTrialBatch, sample.channels, sample.height, sample.width});
  TorchNetworkParts parts;
  parts.sample = sample;
  parts.activations.push_back(without_batch(value));
  parts.model.name = file.stem().string();
  parts.model.description = "a TorchScript network";
  parts.model.input_bytes = static_cast<std::int64_t>(value.nbytes()) / kTrialBatch;
  for (auto& layer : layers) {
    value = layer->try_out(value);
    parts.model.layers.push_back(costs_of(*layer, value));
    parts.activations.push_back(without_batch(value));
    parts.layers.push_back(std::move(layer));
  }
  validate(parts.model);
  return std::make_shared<TorchNetwork>(std::move(parts));
}

}  // namespace splitlane::training
