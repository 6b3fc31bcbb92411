#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "training/protocol/node.hpp"

namespace splitlane::training {

/// What the folder of a training's authority tells of the nodes, so that another process can look and ask while the
/// aggregator runs: nodes/DOMAIN.pem, the certificate of a node that was admitted; here/DOMAIN, there while the node
/// takes part; leaving/DOMAIN, there until the aggregator has let a node go that a user asked to leave. O(1) files a
/// call.
class MemberFiles {
 public:
  explicit MemberFiles(std::filesystem::path authority) : authority_(std::move(authority)) {}

  std::filesystem::path certificate_file(const NodeName& node) const;
  bool is_admitted(const NodeName& node) const;
  /// In seconds since 1970; nullopt for a node that is not admitted. Raises kFile, kWrongFormat.
  std::optional<std::int64_t> certificate_expires(const NodeName& node) const;
  /// The node is a member no more. Returns whether it was. Raises kFile.
  bool remove(const NodeName& node) const;

  bool is_here(const NodeName& node) const;
  /// Those that take part now, of `nodes`. Raises kFile.
  void set_here(const std::vector<NodeName>& nodes, const std::vector<NodeName>& here) const;

  /// Raises kFile.
  void ask_to_leave(const NodeName& node) const;
  bool is_asked_to_leave(const NodeName& node) const;
  void forget_to_leave(const NodeName& node) const;

 private:
  std::filesystem::path marker(const char* folder, const NodeName& node) const;

  std::filesystem::path authority_;
};

}  // namespace splitlane::training
