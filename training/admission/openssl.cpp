#include "training/admission/openssl.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <span>
#include <vector>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

std::string openssl_reason() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

std::string hex_of(std::span<const unsigned char> bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

template <class Object>
Owned<Object> read_pem(Object* (*read)(BIO*, Object**, pem_password_cb*, void*), const std::string& pem,
                       const std::string& where, const char* what) {
  const Owned<BIO> bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require_openssl(bytes != nullptr, "memory");
  // The empty password keeps OpenSSL from asking for one on the terminal.
  std::string none;
  Owned<Object> object(read(bytes.get(), nullptr, nullptr, none.data()));
  if (object == nullptr) {
    ERR_clear_error();
    throw Error(ErrorCode::kWrongFormat, {where, fmt::format("not a {} in PEM", what), "", ""});
  }
  return object;
}

std::string text_of(BIO* bytes) {
  char* begin = nullptr;
  const auto size = BIO_get_mem_data(bytes, &begin);
  return {begin, static_cast<std::size_t>(size)};
}

template <class Write>
std::string written_pem(Write write) {
  const Owned<BIO> bytes(BIO_new(BIO_s_mem()));
  require_openssl(bytes != nullptr && write(bytes.get()) == 1, "writing PEM");
  return text_of(bytes.get());
}

}  // namespace

void require_openssl(bool ok, std::string_view what) {
  if (!ok) throw Error(ErrorCode::kInternal, {"OpenSSL", fmt::format("{}: {}", what, openssl_reason()), "", ""});
}

Owned<X509> certificate_of(const std::string& pem, const std::string& where) {
  return read_pem<X509>(PEM_read_bio_X509, pem, where, "certificate");
}
Owned<EVP_PKEY> key_of(const std::string& pem, const std::string& where) {
  return read_pem<EVP_PKEY>(PEM_read_bio_PrivateKey, pem, where, "private key");
}
Owned<X509_REQ> request_of(const std::string& pem, const std::string& where) {
  return read_pem<X509_REQ>(PEM_read_bio_X509_REQ, pem, where, "certificate request");
}

std::string pem_of(X509* certificate) {
  return written_pem([certificate](BIO* bytes) { return PEM_write_bio_X509(bytes, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return written_pem(
      [key](BIO* bytes) { return PEM_write_bio_PKCS8PrivateKey(bytes, key, nullptr, nullptr, 0, nullptr, nullptr); });
}
std::string pem_of(X509_REQ* request) {
  return written_pem([request](BIO* bytes) { return PEM_write_bio_X509_REQ(bytes, request); });
}

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  require_openssl(X509_digest(certificate, EVP_sha256(), digest.data(), &length) == 1, "a fingerprint");
  return hex_of(std::span(digest).first(length));
}

std::string random_hex(int bytes) {
  std::vector<unsigned char> random(static_cast<std::size_t>(bytes));
  require_openssl(RAND_bytes(random.data(), bytes) == 1, "random bytes");
  return hex_of(random);
}

}  // namespace splitlane::training
