#pragma once

#include <openssl/x509.h>

#include <string>

#include "training/protocol/node.hpp"

namespace splitlane::training {

/// The name of a node stands as a DNS name in the extension subjectAltName, as the first and only one; the common name
/// is for people to read.
void add_node_name(X509_REQ* request, const NodeName& node);
void add_node_name(X509* certificate, const NodeName& node, X509* issuer);
/// Raise kWrongFormat where there is not exactly one.
NodeName node_name_in(const X509_REQ* request);
NodeName node_name_in(const X509* certificate);

/// Adds an extension in the words of OpenSSL's configuration, such as "critical,CA:TRUE".
void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value);
void set_common_name(X509_NAME* name, const std::string& text);

}  // namespace splitlane::training
