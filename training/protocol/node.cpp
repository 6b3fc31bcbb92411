#include "training/protocol/node.hpp"

namespace splitlane::training {

std::string_view role_name(NodeRole role) {
  switch (role) {
    case NodeRole::kHelper: return "helper";
    case NodeRole::kClient: return "client";
    case NodeRole::kAggregator: break;
  }
  return "aggregator";
}

std::string described(const NodeName& node) {
  std::string text(role_name(node.role));
  if (node.role != NodeRole::kAggregator) text += " " + node.id;
  return text;
}

}  // namespace splitlane::training
