#include "training/admission/admission_desk.hpp"

#include <algorithm>
#include <ctime>
#include <system_error>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/node_domain.hpp"
#include "training/admission/private_files.hpp"

namespace splitlane::training {

AdmissionDesk::AdmissionDesk(const std::filesystem::path& folder, std::vector<NodeName> nodes)
    : folder_(folder / "nodes"), nodes_(std::move(nodes)), authority_(folder) {
  make_private_folder(folder_);
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
  write_private_file(file_of(node), certificate);
  return certificate;
}

void AdmissionDesk::require_admitted(const NodeName& node, const std::string& certificate) const {
  const std::lock_guard lock(mutex_);
  if (is_admitted(node) && fingerprint(read_file(file_of(node).string())) == fingerprint(certificate)) return;
  throw Error(ErrorCode::kInconsistent, {"certificate", "of a node that was removed", described(node), ""});
}

std::filesystem::path AdmissionDesk::file_of(const NodeName& node) const {
  return folder_ / (domain_of(node) + ".pem");
}

bool AdmissionDesk::is_admitted(const NodeName& node) const {
  std::error_code ignored;
  return std::filesystem::exists(file_of(node), ignored);
}

}  // namespace splitlane::training
