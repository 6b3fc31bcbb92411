#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

/// "aggregator", "helper", "client".
std::string_view role_name(NodeRole role);
/// "client c7", "helper h0", "aggregator".
std::string described(const NodeName& node);

}  // namespace splitlane::training
