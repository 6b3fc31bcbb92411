#pragma once

#include <string>

namespace splitlane::training {

/// "unix:PATH" or "HOST:PORT".
struct NodeAddress {
  std::string path;  ///< of a Unix socket; empty: TCP
  std::string host;  ///< with the brackets of an IPv6 address
  int port = 0;

  /// Raises kUsage.
  static NodeAddress parsed(const std::string& address);
  std::string text() const;
};

/// Makes way for a socket: removes one that no process listens at any more. Raises kFile where a process still does,
/// where something else has the name, or the directory is missing.
void make_way_for_socket(const std::string& path);

/// Why nothing can listen at a TCP address, in the system's words ("Address already in use").
std::string why_not_bound(const NodeAddress& address);

}  // namespace splitlane::training
