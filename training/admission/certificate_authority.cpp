#include "training/admission/certificate_authority.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <string_view>
#include <system_error>

#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "training/admission/certificate_fields.hpp"
#include "training/admission/openssl.hpp"
#include "training/admission/private_files.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kAuthorityKey = "authority-key.pem";
constexpr std::string_view kAuthorityCertificate = "authority.pem";
constexpr long kX509Version3 = 2;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kAuthorityDays = 3650;
constexpr std::int64_t kNodeDays = 365;
// The clocks of machines differ.
constexpr std::int64_t kEarlier = kDay;
// RFC 5280 allows 20 bytes; a random number of fewer is as unique.
constexpr int kSerialBytes = 16;

void set_random_serial(X509* certificate) {
  BIGNUM* number = nullptr;
  require_openssl(BN_hex2bn(&number, random_hex(kSerialBytes).c_str()) > 0, "a serial number");
  const bool set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  require_openssl(set, "a serial number");
}

void set_times(X509* certificate, std::int64_t now, std::int64_t days) {
  const bool set =
      ASN1_TIME_set(X509_getm_notBefore(certificate), static_cast<std::time_t>(now - kEarlier)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate), static_cast<std::time_t>(now + days * kDay)) != nullptr;
  require_openssl(set, "the time of a certificate");
}

Owned<X509> unsigned_certificate(EVP_PKEY* key, std::int64_t now, std::int64_t days) {
  Owned<X509> certificate(X509_new());
  require_openssl(certificate != nullptr && X509_set_version(certificate.get(), kX509Version3) == 1 &&
                      X509_set_pubkey(certificate.get(), key) == 1,
                  "a certificate");
  set_random_serial(certificate.get());
  set_times(certificate.get(), now, days);
  return certificate;
}

std::string authority_certificate(EVP_PKEY* key, std::int64_t now) {
  const Owned<X509> certificate = unsigned_certificate(key, now, kAuthorityDays);
  set_common_name(X509_get_subject_name(certificate.get()), "splitlane training");
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
  require_openssl(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "signing a certificate");
  return pem_of(certificate.get());
}

void require_p256(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  const bool named =
      EVP_PKEY_is_a(key, "EC") == 1 &&
      EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size(), nullptr) == 1;
  if (named && std::string_view(group.data()) == "prime256v1") return;
  throw Error(ErrorCode::kInconsistent, {"request", "a key of another kind", group.data(), "P-256"});
}

}  // namespace

CertificateAuthority::CertificateAuthority(const std::filesystem::path& folder) {
  make_private_folder(folder);
  const std::filesystem::path key_file = folder / kAuthorityKey;
  const std::filesystem::path certificate_file = folder / kAuthorityCertificate;
  std::error_code ignored;
  if (!std::filesystem::exists(certificate_file, ignored)) {
    key_ = make_key();
    certificate_ = authority_certificate(key_of(key_, "key").get(), static_cast<std::int64_t>(std::time(nullptr)));
    // The certificate last: with it, the authority counts as complete.
    write_private_file(key_file, key_);
    write_private_file(certificate_file, certificate_);
    return;
  }
  key_ = read_file(key_file.string());
  certificate_ = read_file(certificate_file.string());
  in_file(folder.string(), [&] {
    const Owned<X509> certificate = certificate_of(certificate_, std::string(kAuthorityCertificate));
    const Owned<EVP_PKEY> key = key_of(key_, std::string(kAuthorityKey));
    if (X509_check_private_key(certificate.get(), key.get()) == 1) return;
    throw Error(ErrorCode::kInconsistent, {std::string(kAuthorityKey), "not the key of the certificate", "", ""});
  });
}

std::string CertificateAuthority::signed_request(const std::string& request, const NodeName& node,
                                                 std::int64_t now) const {
  const Owned<X509_REQ> asked = request_of(request, "request");
  EVP_PKEY* public_key = X509_REQ_get0_pubkey(asked.get());
  if (public_key == nullptr || X509_REQ_verify(asked.get(), public_key) != 1) {
    throw Error(ErrorCode::kInconsistent, {"request", "the key in it did not sign it", "", ""});
  }
  require_p256(public_key);
  if (const NodeName named = node_name_in(asked.get()); named != node) {
    throw Error(ErrorCode::kInconsistent, {"request", "for another node", described(named), described(node)});
  }
  const Owned<X509> issuer = certificate_of(certificate_, std::string(kAuthorityCertificate));
  const Owned<EVP_PKEY> issuer_key = key_of(key_, std::string(kAuthorityKey));
  const Owned<X509> certificate = unsigned_certificate(public_key, now, kNodeDays);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  // Nothing of the request but its key: what the certificate is good for is the authority's to say.
  add_node_name(certificate.get(), node, issuer.get());
  add_extension(certificate.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), issuer.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), issuer.get(), NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(certificate.get(), issuer.get(), NID_authority_key_identifier, "keyid");
  require_openssl(X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) > 0, "signing a certificate");
  return pem_of(certificate.get());
}

Identity CertificateAuthority::new_identity(const NodeName& node, std::int64_t now) const {
  std::string key = make_key();
  std::string certificate = signed_request(make_request(key, node), node, now);
  return {node, std::move(key), std::move(certificate), certificate_};
}

NodeName requested_node(const std::string& request) { return node_name_in(request_of(request, "request").get()); }

}  // namespace splitlane::training
