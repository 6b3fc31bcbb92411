#pragma once

#include <string>
#include <string_view>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// A certificate document: the certificate, and the instance it says it belongs to.
struct CertificateDocument {
  Certificate certificate;
  std::string instance_name;    ///< empty = absent
  std::string instance_sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// Parses a certificate document against its instance: ids must exist there (kUnknownId), clients must have the options
/// that are named (kOutOfRange), numbers must be in range. Whether it proves anything is for `verify_certificate`.
CertificateDocument parse_certificate(std::string_view bytes, const Instance& instance);

/// One no-good and one step a line, fixed key order. `instance_sha256` is the hash of the instance file. Raises kUsage
/// for a certificate whose indices are not of the instance or that has kinds the format does not know, kOutOfRange for
/// numbers past 2^53.
std::string write_certificate(const Instance& instance, const Certificate& certificate,
                              std::string_view instance_sha256);

}  // namespace splitlane
