#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "training/admission/identity.hpp"
#include "training/protocol/node.hpp"

namespace splitlane::training {

/// Signs who takes part in a training. Its folder is its user's alone: authority-key.pem, authority.pem.
class CertificateAuthority {
 public:
  /// Uses the authority that the folder has, or makes one there, good for ten years. Raises kFile, and what is wrong
  /// with its files.
  explicit CertificateAuthority(const std::filesystem::path& folder);

  /// Of the authority itself, PEM.
  const std::string& certificate() const { return certificate_; }

  /// A certificate for what the request asks, good for a year from `now`, in seconds since 1970. Raises kWrongFormat
  /// for what is no request, and kInconsistent where the key in it did not sign it, is not of P-256, or where its name
  /// is not `node`.
  std::string signed_request(const std::string& request, const NodeName& node, std::int64_t now) const;

  /// A new key with its certificate, for a node on this machine.
  Identity new_identity(const NodeName& node, std::int64_t now) const;

 private:
  std::string key_;
  std::string certificate_;
};

/// The node that a request names. Raises kWrongFormat.
NodeName requested_node(const std::string& request);

}  // namespace splitlane::training
