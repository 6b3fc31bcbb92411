#pragma once

#include <string>
#include <vector>

#include "training/tensor/tensor.hpp"

namespace splitlane::training {

/// A parameter or buffer of a layer, named as in the layer: "0.weight", "1.running_mean".
struct NamedTensor {
  std::string name;
  Tensor value;
};

/// Parameters and buffers of one layer, in the network's order. Layers without any have none.
using LayerState = std::vector<NamedTensor>;

/// Consecutive layers; of a whole network, entry 0 is layer 1.
using NetworkState = std::vector<LayerState>;

/// The same names, types, shapes and bits.
bool bit_equal(const NetworkState& left, const NetworkState& right);

}  // namespace splitlane::training
