#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"

namespace splitlane {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::kInternal, {"", "the cryptographic library computes no SHA-256", "", ""});
  }
  std::string text;
  for (unsigned int index = 0; index < length; ++index) text += fmt::format("{:02x}", digest.at(index));
  return text;
}

}  // namespace splitlane
