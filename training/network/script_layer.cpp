#include "training/network/script_layer.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/network/loss.hpp"
#include "training/network/torch_tensor.hpp"

namespace splitlane::training {

namespace {

using torch::jit::Module;

// What one slot of a module holds; the same weight may stand in several.
using VisitSlot = std::function<void(Module& owner, const std::string& owner_name, const std::string& slot,
                                     const at::Tensor& value, bool is_parameter)>;

// Parameters, buffers, children: the order of PyTorch's state_dict.
void visit_slots(Module module, const std::string& name, const VisitSlot& visit) {
  for (const auto& parameter : module.named_parameters(false))
    visit(module, name, parameter.name, parameter.value, true);
  for (const auto& buffer : module.named_buffers(false)) visit(module, name, buffer.name, buffer.value, false);
  for (const auto& child : module.named_children()) visit_slots(child.value, name + child.name + ".", visit);
}

// Modules of its own, with the same tensors. A module that has two places keeps them.
Module shallow_copy(const Module& module, std::map<const void*, Module>& copies) {
  const auto known = copies.find(module._ivalue().get());
  if (known != copies.end()) return known->second;
  Module copy = module.copy();
  copies.emplace(module._ivalue().get(), copy);
  for (const auto& child : module.named_children())
    copy.setattr(child.name, shallow_copy(child.value, copies)._ivalue());
  return copy;
}

// Each tensor by its values, so that one which two modules share is one.
class SlotFinder {
 public:
  /// The position of a tensor among those seen; a new one is the last.
  std::size_t position(const at::Tensor& value) {
    const void* const values = value.numel() == 0 ? value.unsafeGetTensorImpl() : value.data_ptr();
    return positions_.emplace(values, positions_.size()).first->second;
  }
  std::size_t size() const { return positions_.size(); }

 private:
  std::map<const void*, std::size_t> positions_;
};

// While it lives, all that libtorch draws in this process comes from the seed.
class SeededDefaultGenerator {
 public:
  explicit SeededDefaultGenerator(std::uint64_t seed)
      : turn_(mutex()), generator_(at::detail::getDefaultCPUGenerator()), state_(generator_.get_state()) {
    generator_.set_current_seed(seed);
    begin_ = generator_.get_state();
  }
  SeededDefaultGenerator(const SeededDefaultGenerator&) = delete;
  SeededDefaultGenerator& operator=(const SeededDefaultGenerator&) = delete;
  ~SeededDefaultGenerator() { generator_.set_state(state_); }

  bool has_drawn() const { return !generator_.get_state().equal(begin_); }

 private:
  static std::mutex& mutex() {
    static std::mutex instance;
    return instance;
  }

  std::lock_guard<std::mutex> turn_;
  at::Generator generator_;
  at::Tensor state_;
  at::Tensor begin_;
};

// Without the optimizer of TorchScript: after some calls it may fuse operations, and bits would depend on how many
// calls a process has seen.
at::Tensor output_of(Module& module, const at::Tensor& input) {
  const torch::jit::GraphOptimizerEnabledGuard not_optimized(false);
  const torch::jit::IValue result = module.forward({input});
  if (!result.isTensor()) {
    throw Error(ErrorCode::kInconsistent,
                {"a layer of the TorchScript file", "returns other than one tensor", result.tagKind(), "one tensor"});
  }
  return result.toTensor();
}

// Where a slot's tensor stands first.
struct SlotPlace {
  Module owner;
  std::string name;
};

class BoundScriptLayer : public BoundLayer {
 public:
  BoundScriptLayer(const Module& module, std::vector<SlotPlace> slots, bool draws_random_numbers)
      : module_(module), slots_(std::move(slots)), draws_random_numbers_(draws_random_numbers) {
    module_.train(true);
  }

  at::Tensor trained_forward(const at::Tensor& input, std::uint64_t seed) override {
    std::optional<SeededDefaultGenerator> generator;
    if (draws_random_numbers_) generator.emplace(seed);
    return output_of(module_, input);
  }
  at::Tensor evaluated_forward(const at::Tensor& input) override {
    module_.eval();
    at::Tensor output = output_of(module_, input);
    module_.train(true);
    return output;
  }
  std::vector<at::Tensor> values() const override {
    std::vector<at::Tensor> values;
    for (const SlotPlace& slot : slots_) values.push_back(slot.owner.attr(slot.name).toTensor());
    return values;
  }

 private:
  Module module_;
  std::vector<SlotPlace> slots_;
  bool draws_random_numbers_;
};

}  // namespace

ScriptLayer::ScriptLayer(std::string name, const Module& module)
    : name_(std::move(name)), module_(std::make_unique<const Module>(module)) {
  SlotFinder finder;
  visit_slots(module, "",
              [&](Module& /*owner*/, const std::string& owner_name, const std::string& slot, const at::Tensor& value,
                  bool is_parameter) {
                if (finder.position(value) < slots_.size()) return;
                const std::string weight = owner_name + slot;
                slots_.push_back({weight, descriptor_of(value, fmt::format("layer {}, {}", name_, weight)),
                                  is_parameter && value.requires_grad()});
              });
}

ScriptLayer::~ScriptLayer() = default;

std::vector<at::Tensor> ScriptLayer::initial_values(std::uint64_t /*seed*/) const {
  std::vector<at::Tensor> values;
  SlotFinder finder;
  visit_slots(*module_, "",
              [&](Module& /*owner*/, const std::string& /*owner_name*/, const std::string& /*slot*/,
                  const at::Tensor& value, bool /*is_parameter*/) {
                if (finder.position(value) == values.size()) values.push_back(value.detach());
              });
  return values;
}

std::unique_ptr<BoundLayer> ScriptLayer::bound_to(std::vector<at::Tensor> values) const {
  SPLITLANE_ASSERT(values.size() == slots_.size(), values.size(), slots_.size());
  std::map<const void*, Module> copies;
  Module copy = shallow_copy(*module_, copies);
  std::vector<SlotPlace> places;
  SlotFinder finder;
  visit_slots(copy, "",
              [&](Module& owner, const std::string& /*owner_name*/, const std::string& slot, const at::Tensor& value,
                  bool /*is_parameter*/) {
                const std::size_t position = finder.position(value);
                owner.setattr(slot, values[position]);
                if (position == places.size()) places.push_back({owner, slot});
              });
  return std::make_unique<BoundScriptLayer>(copy, std::move(places), draws_random_numbers_);
}

at::Tensor ScriptLayer::try_out(const at::Tensor& input) {
  std::vector<at::Tensor> values = initial_values(0);
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    values[slot] = values[slot].clone().set_requires_grad(slots_[slot].is_parameter);
  }
  draws_random_numbers_ = false;  // this trial has the generator already
  const std::unique_ptr<BoundLayer> layer = bound_to(values);
  const at::Tensor leaf = input.detach().clone().set_requires_grad(true);
  const at::Tensor taken = leaf.clone();
  const std::int64_t version = taken._version();
  const SeededDefaultGenerator generator(0);
  const at::Tensor output = in_layer(name_, [&] { return layer->trained_forward(taken, 0); });
  draws_random_numbers_ = generator.has_drawn();
  works_in_place_ = taken._version() != version;
  const bool fits = output.scalar_type() == at::kFloat && output.dim() > 0 && output.size(0) == input.size(0);
  if (!fits) {
    throw Error(ErrorCode::kInconsistent,
                {fmt::format("layer {}", name_), "hands on another type or number of samples",
                 fmt::format("{} {}", c10::toString(output.scalar_type()), fmt::join(output.sizes().vec(), " x ")),
                 fmt::format("float32, {} samples", input.size(0))});
  }
  return output.detach().contiguous();
}

}  // namespace splitlane::training
