#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "training/protocol/node.hpp"

namespace splitlane::training {

/// What a node shows its peers and believes of them, in PEM.
struct Identity {
  NodeName node;
  std::string key;          ///< of this node, P-256
  std::string certificate;  ///< of that key, with the node's name
  std::string authority;    ///< whose certificates count: that of the training's aggregator
};

/// A new key, P-256, in PEM.
std::string make_key();
/// What is to be signed: the key's public half and the node's name, in PEM. Raises kWrongFormat for no key.
std::string make_request(const std::string& key, const NodeName& node);

/// The node that a certificate names, once it is certain that the authority signed it, for that purpose, and that now,
/// in seconds since 1970, lies in its time. Raises kInconsistent with the reason, or kWrongFormat.
NodeName verified_node(const std::string& certificate, const std::string& authority, std::int64_t now);

/// The same, now by the clock of this machine.
NodeName verified_node(const std::string& certificate, const std::string& authority);

/// When the time of a certificate is over, in seconds since 1970. Raises kWrongFormat.
std::int64_t expiry_of(const std::string& certificate);

/// SHA-256 of an authority's certificate, 64 hexadecimal digits. Raises kWrongFormat.
std::string fingerprint(const std::string& certificate);

/// A node's folder: key.pem, certificate.pem, authority.pem, for its user alone (modes 700 and 600).
void write_identity(const std::filesystem::path& folder, const Identity& identity);
bool has_identity(const std::filesystem::path& folder);
/// Raises kFile; kWrongFormat and kInconsistent where the files do not belong together, or the time is over.
Identity read_identity(const std::filesystem::path& folder);

}  // namespace splitlane::training
