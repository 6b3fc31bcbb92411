#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/model.hpp"
#include "splitlane/profile/network_description.hpp"

namespace splitlane {

/// What a network is built with in place of what its name says.
struct ArchitectureOptions {
  std::optional<Shape> sample = std::nullopt;
  std::optional<std::int64_t> classes = std::nullopt;
  double dropout = 0;  ///< probability after each hidden linear layer; only VGG has any
};

/// The names that `describe_architecture` and `build_architecture` know, in a fixed order.
const std::vector<std::string>& architecture_names();
/// Whether they know it.
bool is_architecture(std::string_view name);

/// A network by name, e.g. "resnet101_cifar"; without a data set ("resnet101") it is the CIFAR one. Raises kUnknownId
/// with the known names, kOutOfRange for options out of range, and kInconsistent for a sample of which poolings leave
/// nothing. Cost O(operations).
NetworkDescription describe_architecture(std::string_view name, const ArchitectureOptions& options = {});

/// The costs of the network of that name.
Model build_architecture(std::string_view name);

}  // namespace splitlane
