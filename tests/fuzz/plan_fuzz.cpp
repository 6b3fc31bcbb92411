// Any bytes as a plan of one small instance.
#include <cstddef>
#include <cstdint>

#include "fuzz/round_trip.hpp"
#include "splitlane/io/plan_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = splitlane::testing::two_helpers_and_two_clients();
  splitlane::testing::expect_round_trip(
      {reinterpret_cast<const char*>(data), size},
      [](std::string_view bytes) { return splitlane::parse_plan(bytes, instance); },
      [](const splitlane::PlanDocument& document) {
        return splitlane::write_plan(instance, document.plan, document.instance_sha256);
      });
  return 0;
}
