#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace splitlane::training {

struct OpensslDeleter {
  void operator()(BIO* one) const { BIO_free_all(one); }
  void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
  void operator()(X509* one) const { X509_free(one); }
  void operator()(X509_REQ* one) const { X509_REQ_free(one); }
};
template <class One>
using Owned = std::unique_ptr<One, OpensslDeleter>;

/// Raises kInternal with what OpenSSL says, unless `ok`.
void require_openssl(bool ok, std::string_view what);

/// PEM to objects; raise kWrongFormat naming `where` for anything else.
Owned<X509> certificate_of(const std::string& pem, const std::string& where);
Owned<EVP_PKEY> key_of(const std::string& pem, const std::string& where);
Owned<X509_REQ> request_of(const std::string& pem, const std::string& where);
/// And the other way round.
std::string pem_of(X509* certificate);
std::string pem_of(EVP_PKEY* key);
std::string pem_of(X509_REQ* request);

/// SHA-256 of a certificate's DER form, 64 lower-case hex digits.
std::string fingerprint_of(const X509* certificate);

/// Lower-case hexadecimal digits of random bytes that nobody can guess.
std::string random_hex(int bytes);

}  // namespace splitlane::training
