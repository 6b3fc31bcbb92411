#include "training/admission/admission_desk.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/private_files.hpp"

namespace splitlane::training {

AdmissionDesk::AdmissionDesk(const std::filesystem::path& folder, std::vector<NodeName> nodes)
    : files_(folder), nodes_(std::move(nodes)), authority_(folder) {
  make_private_folder(folder / "nodes");
}

Identity AdmissionDesk::aggregator() const {
  return authority_.new_identity({NodeRole::kAggregator, ""}, static_cast<std::int64_t>(std::time(nullptr)));
}

std::string AdmissionDesk::issue_token(NodeRole role, std::int64_t expires) {
  const auto missing = std::ranges::count_if(
      nodes_, [this, role](const NodeName& node) { return node.role == role && !is_admitted(node); });
  if (missing == 0) return {};
  return JoinToken{tokens_.issue(role, missing, expires), fingerprint(authority_.certificate())}.text();
}

std::string AdmissionDesk::admit(const std::string& secret, const std::string& request, std::int64_t now) {
  const NodeName node = requested_node(request);
  const std::lock_guard lock(mutex_);
  // First, so that who has none learns nothing.
  tokens_.require(secret, node.role, now);
  if (std::ranges::find(nodes_, node) == nodes_.end()) {
    throw Error(ErrorCode::kUnknownId, {"admission", "no such node in this training", described(node), ""});
  }
  if (is_admitted(node)) {
    throw Error(ErrorCode::kInconsistent,
                {"admission", "the node is admitted already, with another key", described(node), ""});
  }
  std::string certificate = authority_.signed_request(request, node, now);
  tokens_.redeem(secret, node.role, now);
  write_private_file(files_.certificate_file(node), certificate);
  return certificate;
}

void AdmissionDesk::require_admitted(const NodeName& node, const std::string& certificate) const {
  const std::lock_guard lock(mutex_);
  if (is_admitted(node) && fingerprint(read_file(files_.certificate_file(node).string())) == fingerprint(certificate))
    return;
  throw Error(ErrorCode::kInconsistent, {"certificate", "of a node that was removed", described(node), ""});
}

bool AdmissionDesk::is_admitted(const NodeName& node) const { return files_.is_admitted(node); }

}  // namespace splitlane::training
