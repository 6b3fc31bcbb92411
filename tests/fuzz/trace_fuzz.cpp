// Any bytes as a trace of one small instance; what is accepted is judged without a crash, too.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/round_trip.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/io/trace_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = splitlane::testing::two_helpers_and_two_clients();
  static const std::vector<splitlane::OptionIndex> choice = {instance.options(splitlane::ClientIndex(0))[1],
                                                             instance.options(splitlane::ClientIndex(1))[2]};
  splitlane::testing::expect_round_trip(
      {reinterpret_cast<const char*>(data), size},
      [](std::string_view bytes) { return splitlane::parse_trace(bytes, instance); },
      [](const splitlane::TraceDocument& document) {
        splitlane::check_trace(instance, choice, document.trace);
        return splitlane::write_trace(instance, document.trace, document.instance_sha256, document.plan_sha256);
      });
  return 0;
}
