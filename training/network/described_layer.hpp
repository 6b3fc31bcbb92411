#pragma once

#include <memory>

#include "splitlane/profile/network_description.hpp"
#include "training/network/layer.hpp"

namespace splitlane::training {

/// A layer of a description, of libtorch's operations. Its slots are named by the position of their operation in the
/// layer: "0.weight". Moves `walk` past the layer.
std::unique_ptr<const TorchLayer> make_described_layer(const LayerDescription& layer, ShapeWalk& walk);

}  // namespace splitlane::training
