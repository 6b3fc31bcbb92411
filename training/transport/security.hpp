#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "training/admission/identity.hpp"
#include "training/protocol/node.hpp"

namespace splitlane::training {

/// What a node must know of a training before it says hello.
struct TrainingDescription {
  std::string training;  ///< document, of which paths lead to files of the aggregator
  std::string instance;  ///< document
  std::string network;   ///< bytes of the TorchScript file, where the network is one
};

/// How a node encrypts, and whose streams it takes in. All functions are called on the transport's threads.
struct NodeSecurity {
  Identity identity;
  /// Of a peer whose certificate is good: raises an Error to refuse it nevertheless. May be empty.
  std::function<void(const NodeName& node, const std::string& certificate)> require_member;
  /// For the log: from where, and why. May be empty.
  std::function<void(const std::string& reason)> on_refused;

  /// Of an aggregator alone; all are empty for other nodes. The certificate for a request with a token's secret.
  std::function<std::string(const std::string& secret, const std::string& request)> admit;
  std::function<TrainingDescription()> describe;
  std::function<std::int64_t()> clock;  ///< microseconds
};

/// Who a node that opens a stream is, and who must be at its other end.
struct SecurePeer {
  std::shared_ptr<const Identity> identity;
  NodeName peer;
};

}  // namespace splitlane::training
