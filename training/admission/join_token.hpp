#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "training/protocol/node.hpp"

namespace splitlane::training {

/// What a user carries from the aggregator to another machine: a secret, and by which certificate the aggregator is
/// known before anything else is. As text "SECRET.FINGERPRINT", 32 and 64 hexadecimal digits.
struct JoinToken {
  std::string secret;
  std::string fingerprint;  ///< SHA-256 of the authority's certificate

  std::string text() const { return secret + "." + fingerprint; }
  /// Raises kUsage for anything else; the message does not repeat it.
  static JoinToken parsed(const std::string& text);
};

/// The tokens that an aggregator gave out: hashes of their secrets, what they are good for, how often and until when.
/// Any thread.
class TokenBook {
 public:
  /// A new secret with which `uses` nodes of that role can be admitted before `expires`, in seconds since 1970.
  std::string issue(NodeRole role, std::int64_t uses, std::int64_t expires);
  /// Raises kInconsistent for a token that is unknown, expired, used up or for another role, and says which. Compares
  /// in a time that does not depend on the secret.
  void require(const std::string& secret, NodeRole role, std::int64_t now);
  /// The same, and takes a use off it.
  void redeem(const std::string& secret, NodeRole role, std::int64_t now);

 private:
  struct Token {
    std::string hash;  // SHA-256
    NodeRole role = NodeRole::kClient;
    std::int64_t uses = 0;
    std::int64_t expires = 0;
  };
  Token& required(const std::string& secret, NodeRole role, std::int64_t now);

  std::mutex mutex_;
  std::vector<Token> tokens_;
};

}  // namespace splitlane::training
