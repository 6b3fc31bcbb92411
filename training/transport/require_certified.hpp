#pragma once

#include <optional>
#include <string>

#include "training/transport/security.hpp"

namespace splitlane::training {

/// Raises kInconsistent at `where` for a node that says it is another than its certificate does.
/// Without security any node is taken for what it says.
void require_certified(const std::string& where, const NodeName& claimed, const std::optional<NodeName>& peer,
                       const NodeSecurity* security);

/// Who must be at the other end of a stream that a node opens with the identity by which it listens; nullopt without.
std::optional<SecurePeer> secure_peer(const std::shared_ptr<const NodeSecurity>& security, const NodeName& peer);

}  // namespace splitlane::training
