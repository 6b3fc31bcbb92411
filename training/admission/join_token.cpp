#include "training/admission/join_token.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/openssl.hpp"

namespace splitlane::training {

namespace {

constexpr int kSecretBytes = 16;
constexpr std::size_t kSecretDigits = std::size_t{2} * kSecretBytes;
constexpr std::size_t kFingerprintDigits = 64;

bool is_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

Error refused_token(const char* why) { return {ErrorCode::kInconsistent, {"token", why, "", ""}}; }

}  // namespace

JoinToken JoinToken::parsed(const std::string& text) {
  const bool fits = text.size() == kSecretDigits + 1 + kFingerprintDigits && text[kSecretDigits] == '.';
  JoinToken token{text.substr(0, std::min(text.size(), kSecretDigits)),
                  fits ? text.substr(kSecretDigits + 1) : std::string()};
  if (fits && is_hex(token.secret) && is_hex(token.fingerprint)) return token;
  throw Error(ErrorCode::kUsage, {"token", "not one that an aggregator printed", "", "32 and 64 digits around a dot"});
}

std::string TokenBook::issue(NodeRole role, std::int64_t uses, std::int64_t expires) {
  std::string secret = random_hex(kSecretBytes);
  const std::lock_guard lock(mutex_);
  tokens_.push_back({sha256_hex(secret), role, uses, expires});
  return secret;
}

void TokenBook::require(const std::string& secret, NodeRole role, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  required(secret, role, now);
}

void TokenBook::redeem(const std::string& secret, NodeRole role, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  --required(secret, role, now).uses;
}

TokenBook::Token& TokenBook::required(const std::string& secret, NodeRole role, std::int64_t now) {
  const std::string hash = sha256_hex(secret);
  Token* found = nullptr;
  for (Token& token : tokens_) {
    if (CRYPTO_memcmp(token.hash.data(), hash.data(), hash.size()) == 0) found = &token;
  }
  if (found == nullptr) throw refused_token("not one of this aggregator");
  if (found->role != role) throw refused_token("for nodes of another role");
  if (now >= found->expires) throw refused_token("expired");
  if (found->uses == 0) throw refused_token("used up");
  return *found;
}

}  // namespace splitlane::training
