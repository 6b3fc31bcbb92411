#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "training/network/state.hpp"
#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// A parameter or buffer that a layer has.
struct WeightSlot {
  std::string name;  ///< in the layer
  TensorDescriptor descriptor;
  bool is_parameter = false;  ///< follows its gradient; a buffer follows what the layer sees
};

/// Raises kInconsistent unless as many layers are given as belong there.
void require_layer_count(std::size_t got, std::size_t expected);

/// Raises kInconsistent, naming the layer, unless a state has the names, types and shapes of the slots, in their order.
void require_slots(const std::string& layer, const LayerState& state, std::span<const WeightSlot> slots);

}  // namespace splitlane::training
