#include "training/network/weight_slot.hpp"

#include <fmt/format.h>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

std::string described_weight(const std::string& name, const TensorDescriptor& descriptor) {
  return fmt::format("{} {}", name, described(descriptor.type, descriptor.shape));
}

}  // namespace

void require_layer_count(std::size_t got, std::size_t expected) {
  if (got != expected) {
    throw Error(ErrorCode::kInconsistent,
                {"weights", "another number of layers", fmt::format("{}", got), fmt::format("{}", expected)});
  }
}

void require_slots(const std::string& layer, const LayerState& state, std::span<const WeightSlot> slots) {
  const std::string where = fmt::format("weights of layer {}", layer);
  if (state.size() != slots.size()) {
    throw Error(ErrorCode::kInconsistent,
                {where, "another number of tensors", fmt::format("{}", state.size()), fmt::format("{}", slots.size())});
  }
  for (std::size_t at = 0; at < slots.size(); ++at) {
    const auto& [name, value] = state[at];
    if (name != slots[at].name || value.empty() || value.descriptor() != slots[at].descriptor) {
      throw Error(ErrorCode::kInconsistent, {where, "another tensor", described_weight(name, value.descriptor()),
                                             described_weight(slots[at].name, slots[at].descriptor)});
    }
  }
}

}  // namespace splitlane::training
