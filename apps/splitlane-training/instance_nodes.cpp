#include "instance_nodes.hpp"

#include <string>

using splitlane::training::NodeName;
using splitlane::training::NodeRole;

std::vector<NodeName> nodes_of(const splitlane::Instance& instance) {
  std::vector<NodeName> nodes;
  nodes.reserve(static_cast<std::size_t>(instance.helper_count() + instance.client_count()));
  for (const auto helper : instance.helpers())
    nodes.push_back({NodeRole::kHelper, std::string(instance.helper_id(helper))});
  for (const auto client : instance.clients())
    nodes.push_back({NodeRole::kClient, std::string(instance.client_id(client))});
  return nodes;
}
