#include "training/transport/require_certified.hpp"

#include "splitlane/error.hpp"

namespace splitlane::training {

void require_certified(const std::string& where, const NodeName& claimed, const std::optional<NodeName>& peer,
                       const NodeSecurity* security) {
  if (security == nullptr || peer == claimed) return;
  throw Error(ErrorCode::kInconsistent, {where, "another node than that of the certificate", described(claimed),
                                         peer ? described(*peer) : std::string()});
}

std::optional<SecurePeer> secure_peer(const std::shared_ptr<const NodeSecurity>& security, const NodeName& peer) {
  if (security == nullptr) return std::nullopt;
  // Shares the owner of the whole.
  return SecurePeer{std::shared_ptr<const Identity>(security, &security->identity), peer};
}

}  // namespace splitlane::training
