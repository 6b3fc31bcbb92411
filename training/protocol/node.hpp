#pragma once

#include <cstdint>
#include <string>

namespace splitlane::training {

/// Nodes of another version are refused.
inline constexpr std::int32_t kProtocolVersion = 2;

enum class NodeRole : std::uint8_t { kAggregator, kHelper, kClient };

/// A node by its role and its id in the instance.
struct NodeName {
  NodeRole role = NodeRole::kClient;
  std::string id;
  bool operator==(const NodeName&) const = default;
  auto operator<=>(const NodeName&) const = default;
};

/// "client c7", "helper h0", "aggregator".
std::string described(const NodeName& node);

}  // namespace splitlane::training
