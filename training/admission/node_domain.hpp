#pragma once

#include <string>

#include "training/protocol/node.hpp"

namespace splitlane::training {

/// The name of a node as a certificate has it, a DNS name under which gRPC verifies a peer: the id as hexadecimal
/// digits, because an id may have any character and DNS names know no case, then the role: client c3 is
/// "6333.client.splitlane", the aggregator "aggregator.splitlane". A label takes 60 digits, long ids several.
std::string domain_of(const NodeName& node);
/// And the other way round; raises kWrongFormat.
NodeName node_of_domain(const std::string& domain);

}  // namespace splitlane::training
