#include "training/admission/identity.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/certificate_fields.hpp"
#include "training/admission/node_domain.hpp"
#include "training/admission/openssl.hpp"
#include "training/admission/private_files.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kKeyFile = "key.pem";
constexpr std::string_view kCertificateFile = "certificate.pem";
constexpr std::string_view kAuthorityFile = "authority.pem";

struct StoreDeleter {
  void operator()(X509_STORE* one) const { X509_STORE_free(one); }
  void operator()(X509_STORE_CTX* one) const { X509_STORE_CTX_free(one); }
};

// Nodes are clients and servers of each other, so a certificate must be good for both.
void require_signed(X509* certificate, X509* authority, std::int64_t now) {
  const std::unique_ptr<X509_STORE, StoreDeleter> store(X509_STORE_new());
  require_openssl(store != nullptr && X509_STORE_add_cert(store.get(), authority) == 1, "a store");
  for (const int purpose : {X509_PURPOSE_SSL_CLIENT, X509_PURPOSE_SSL_SERVER}) {
    const std::unique_ptr<X509_STORE_CTX, StoreDeleter> check(X509_STORE_CTX_new());
    require_openssl(check != nullptr && X509_STORE_CTX_init(check.get(), store.get(), certificate, nullptr) == 1,
                    "a check");
    X509_STORE_CTX_set_purpose(check.get(), purpose);
    X509_STORE_CTX_set_time(check.get(), 0, static_cast<std::time_t>(now));
    if (X509_verify_cert(check.get()) == 1) continue;
    throw Error(ErrorCode::kInconsistent,
                {"certificate", X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get())), "",
                 "one that this training's aggregator signed"});
  }
}

}  // namespace

std::string make_key() {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  require_openssl(key != nullptr, "a key");
  return pem_of(key.get());
}

std::string make_request(const std::string& key, const NodeName& node) {
  const Owned<EVP_PKEY> pair = key_of(key, "key");
  const Owned<X509_REQ> request(X509_REQ_new());
  require_openssl(request != nullptr && X509_REQ_set_pubkey(request.get(), pair.get()) == 1, "a request");
  add_node_name(request.get(), node);
  require_openssl(X509_REQ_sign(request.get(), pair.get(), EVP_sha256()) > 0, "signing a request");
  return pem_of(request.get());
}

NodeName verified_node(const std::string& certificate, const std::string& authority, std::int64_t now) {
  const Owned<X509> shown = certificate_of(certificate, "certificate");
  const Owned<X509> root = certificate_of(authority, "authority");
  require_signed(shown.get(), root.get(), now);
  return node_name_in(shown.get());
}

NodeName verified_node(const std::string& certificate, const std::string& authority) {
  return verified_node(certificate, authority, static_cast<std::int64_t>(std::time(nullptr)));
}

std::int64_t expiry_of(const std::string& certificate) {
  const Owned<X509> shown = certificate_of(certificate, "certificate");
  std::tm time{};
  require_openssl(ASN1_TIME_to_tm(X509_get0_notAfter(shown.get()), &time) == 1, "the time of a certificate");
  return timegm(&time);
}

std::string fingerprint(const std::string& certificate) {
  return fingerprint_of(certificate_of(certificate, "certificate").get());
}

void write_identity(const std::filesystem::path& folder, const Identity& identity) {
  make_private_folder(folder);
  // The certificate last: with it, the folder counts as complete.
  write_private_file(folder / kKeyFile, identity.key);
  write_private_file(folder / kAuthorityFile, identity.authority);
  write_private_file(folder / kCertificateFile, identity.certificate);
}

bool has_identity(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kCertificateFile, ignored);
}

Identity read_identity(const std::filesystem::path& folder) {
  make_private_folder(folder);
  Identity identity{.node = {},
                    .key = read_file((folder / kKeyFile).string()),
                    .certificate = read_file((folder / kCertificateFile).string()),
                    .authority = read_file((folder / kAuthorityFile).string())};
  identity.node = in_file(folder.string(), [&] {
    const Owned<X509> certificate = certificate_of(identity.certificate, std::string(kCertificateFile));
    const Owned<EVP_PKEY> key = key_of(identity.key, std::string(kKeyFile));
    if (X509_check_private_key(certificate.get(), key.get()) != 1) {
      throw Error(ErrorCode::kInconsistent, {std::string(kKeyFile), "not the key of the certificate", "", ""});
    }
    return verified_node(identity.certificate, identity.authority);
  });
  return identity;
}

}  // namespace splitlane::training
