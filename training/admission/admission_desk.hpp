#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "training/admission/certificate_authority.hpp"
#include "training/admission/join_token.hpp"
#include "training/admission/member_files.hpp"

namespace splitlane::training {

/// Whom an aggregator lets in. Every node of the training is admitted once, with a key of its own; its certificate is
/// kept in the authority's folder, nodes/DOMAIN.pem, and is the only one that counts for it. Without that file a node
/// is no member any more, and can be admitted anew. Any thread.
class AdmissionDesk {
 public:
  /// `nodes`: helpers and clients of the training.
  AdmissionDesk(const std::filesystem::path& folder, std::vector<NodeName> nodes);

  /// The aggregator's own.
  Identity aggregator() const;

  /// A token for all nodes of the role that are not admitted yet, each once; empty where all are.
  std::string issue_token(NodeRole role, std::int64_t expires);

  /// The certificate of a node that comes with a token. Raises kInconsistent for a token that does not count, a node
  /// that is admitted already and what is wrong with the request, kUnknownId for a node that the training has not.
  std::string admit(const std::string& secret, const std::string& request, std::int64_t now);

  /// Raises kInconsistent for a certificate that is not the one by which this node was admitted.
  void require_admitted(const NodeName& node, const std::string& certificate) const;
  bool is_admitted(const NodeName& node) const;

 private:
  MemberFiles files_;
  std::vector<NodeName> nodes_;
  CertificateAuthority authority_;
  TokenBook tokens_;
  mutable std::mutex mutex_;  // one admission at a time
};

}  // namespace splitlane::training
