#include "training/admission/certificate_fields.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "splitlane/error.hpp"
#include "training/admission/node_domain.hpp"
#include "training/admission/openssl.hpp"

namespace splitlane::training {

namespace {

// RFC 5280's limit of a common name, in characters.
constexpr std::size_t kLongestCommonName = 64;

struct NamesDeleter {
  void operator()(GENERAL_NAMES* one) const { GENERAL_NAMES_free(one); }
  void operator()(X509_EXTENSION* one) const { X509_EXTENSION_free(one); }
  void operator()(STACK_OF(X509_EXTENSION) * one) const { sk_X509_EXTENSION_pop_free(one, X509_EXTENSION_free); }
};
using Names = std::unique_ptr<GENERAL_NAMES, NamesDeleter>;
using Extension = std::unique_ptr<X509_EXTENSION, NamesDeleter>;
using Extensions = std::unique_ptr<STACK_OF(X509_EXTENSION), NamesDeleter>;

Extension extension_of(X509V3_CTX* context, int kind, const std::string& value) {
  Extension extension(X509V3_EXT_conf_nid(nullptr, context, kind, value.c_str()));
  require_openssl(extension != nullptr, "an extension");
  return extension;
}

NodeName node_in(const Names& names) {
  if (names == nullptr || sk_GENERAL_NAME_num(names.get()) != 1) {
    throw Error(ErrorCode::kWrongFormat, {"certificate", "has not the name of one node", "", ""});
  }
  int type = 0;
  const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), 0), &type);
  if (type != GEN_DNS) throw Error(ErrorCode::kWrongFormat, {"certificate", "its name is no DNS name", "", ""});
  const auto* text = static_cast<const ASN1_STRING*>(value);
  const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(text));
  return node_of_domain(std::string(bytes, static_cast<std::size_t>(ASN1_STRING_length(text))));
}

}  // namespace

void set_common_name(X509_NAME* name, const std::string& text) {
  // The id may have any bytes; where they are no UTF-8, or too many, their place is taken by something that can be
  // read.
  const bool plain =
      text.size() <= kLongestCommonName && std::ranges::all_of(text, [](char one) { return one >= ' ' && one <= '~'; });
  const std::string shown = plain ? text : "splitlane node";
  require_openssl(
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(shown.data()),
                                 static_cast<int>(shown.size()), -1, 0) == 1,
      "a common name");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  require_openssl(X509_add_ext(certificate, extension_of(&context, kind, value).get(), -1) == 1, "an extension");
}

void add_node_name(X509_REQ* request, const NodeName& node) {
  set_common_name(X509_REQ_get_subject_name(request), described(node));
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, request, nullptr, 0);
  const Extensions extensions(sk_X509_EXTENSION_new_null());
  Extension name = extension_of(&context, NID_subject_alt_name, "DNS:" + domain_of(node));
  require_openssl(extensions != nullptr && sk_X509_EXTENSION_push(extensions.get(), name.get()) > 0, "a request");
  static_cast<void>(name.release());  // the stack's now
  require_openssl(X509_REQ_add_extensions(request, extensions.get()) == 1, "a request");
}

void add_node_name(X509* certificate, const NodeName& node, X509* issuer) {
  set_common_name(X509_get_subject_name(certificate), described(node));
  add_extension(certificate, issuer, NID_subject_alt_name, "DNS:" + domain_of(node));
}

NodeName node_name_in(const X509_REQ* request) {
  const Extensions extensions(X509_REQ_get_extensions(const_cast<X509_REQ*>(request)));
  const Names names(extensions == nullptr ? nullptr
                                          : static_cast<GENERAL_NAMES*>(X509V3_get_d2i(
                                                extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  return node_in(names);
}

NodeName node_name_in(const X509* certificate) {
  return node_in(
      Names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))));
}

}  // namespace splitlane::training
