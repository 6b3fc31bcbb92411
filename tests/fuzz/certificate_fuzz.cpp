// Any bytes as a certificate of one small instance: the reader accepts or throws Error; what it accepts is written,
// read and written to the same bytes; and the check of it ends with a word on every certificate, which no false one
// survives.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "splitlane/check/verify.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/io/certificate_json.hpp"

namespace {

// The ids of the valid test documents, so that these are accepted as they stand. A helper has memory for one client,
// which ends at 2 + 3 + 4 + 2 = 11.
constexpr splitlane::Time kOptimum = 11;

splitlane::Instance small_instance() {
  splitlane::InstanceBuilder builder;
  builder.set_name("two helpers, dense");
  for (const char* id : {"h0", "h1"}) builder.add_helper({id, 3, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    splitlane::OptionSpec option{splitlane::HelperIndex(0), 2, 3, 4, 0, 2, 0, 2, std::nullopt, std::nullopt};
    for (std::size_t helper = 0; helper < builder.helper_count(); ++helper) {
      option.helper = splitlane::HelperIndex(helper);
      builder.add_option(option);
    }
  }
  return builder.build();
}

std::optional<splitlane::CertificateDocument> parsed(std::string_view bytes, const splitlane::Instance& instance) {
  try {
    return splitlane::parse_certificate(bytes, instance);
  } catch (const splitlane::Error&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = small_instance();
  const auto document = parsed({reinterpret_cast<const char*>(data), size}, instance);
  if (!document) return 0;
  const std::string text = splitlane::write_certificate(instance, document->certificate, document->instance_sha256);
  const splitlane::CertificateDocument again = splitlane::parse_certificate(text, instance);
  if (splitlane::write_certificate(instance, again.certificate, again.instance_sha256) != text) __builtin_trap();
  const splitlane::VerifyReport report =
      splitlane::verify_certificate(instance, document->certificate, splitlane::StopCondition(2.0, nullptr));
  if (report.accepted && document->certificate.lower_bound > kOptimum) __builtin_trap();
  if (report.accepted != report.flaw.empty()) __builtin_trap();
  return 0;
}
