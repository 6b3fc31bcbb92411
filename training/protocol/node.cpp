#include "training/protocol/node.hpp"

namespace splitlane::training {

std::string described(const NodeName& node) {
  switch (node.role) {
    case NodeRole::kHelper: return "helper " + node.id;
    case NodeRole::kClient: return "client " + node.id;
    case NodeRole::kAggregator: break;
  }
  return "aggregator";
}

}  // namespace splitlane::training
