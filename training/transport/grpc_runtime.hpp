#pragma once

#include <functional>
#include <string>

namespace splitlane::training {

/// What must be said to gRPC once in a process, before anything else of it is used. Cheap when it was said.
void prepare_grpc();

/// Lets this process have as many files open as its user may. Every stream has a connection of its own, and the usual
/// limit of 1024 is fewer than 1,000 clients need, or a peer that opens connections to no purpose.
void allow_many_files();

/// While it lives, hears of each peer that reached a listener of this process and did not come through the TLS
/// handshake, with gRPC's reason. gRPC does not say which listener, nor from where.
class HandshakeLog {
 public:
  /// `log` may be empty, and is called on gRPC's threads.
  explicit HandshakeLog(std::function<void(const std::string& reason)> log);
  HandshakeLog(const HandshakeLog&) = delete;
  HandshakeLog& operator=(const HandshakeLog&) = delete;
  ~HandshakeLog();

 private:
  std::function<void(const std::string&)> log_;
};

}  // namespace splitlane::training
