// Any bytes as a plan of one small instance: the reader accepts or throws Error, and what it accepts is written, read
// and written to the same bytes.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/io/plan_json.hpp"

namespace {

// The ids of the valid test documents, so that these are accepted as they stand.
splitlane::Instance small_instance() {
  splitlane::InstanceBuilder builder;
  builder.set_name("two helpers, dense");
  for (const char* id : {"h0", "h1"}) builder.add_helper({id, std::nullopt, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    splitlane::OptionSpec option;
    for (std::size_t helper = 0; helper < builder.helper_count(); ++helper) {
      option.helper = splitlane::HelperIndex(helper);
      builder.add_option(option);
    }
    builder.add_local_option({80, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

std::optional<splitlane::PlanDocument> parsed(std::string_view bytes, const splitlane::Instance& instance) {
  try {
    return splitlane::parse_plan(bytes, instance);
  } catch (const splitlane::Error&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = small_instance();
  const auto document = parsed({reinterpret_cast<const char*>(data), size}, instance);
  if (!document) return 0;
  const std::string text = splitlane::write_plan(instance, document->plan, document->instance_sha256);
  const splitlane::PlanDocument again = splitlane::parse_plan(text, instance);
  if (splitlane::write_plan(instance, again.plan, again.instance_sha256) != text) __builtin_trap();
  return 0;
}
