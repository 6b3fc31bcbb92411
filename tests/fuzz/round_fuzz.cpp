// Any bytes as a round of one small instance; what is accepted is judged without a crash, too.
#include <cstddef>
#include <cstdint>

#include "fuzz/round_trip.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/io/round_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = splitlane::testing::two_helpers_and_two_clients();
  splitlane::testing::expect_round_trip(
      {reinterpret_cast<const char*>(data), size},
      [](std::string_view bytes) { return splitlane::parse_round(bytes, instance); },
      [](const splitlane::RoundDocument& document) {
        splitlane::check_round(instance, document.round);
        return splitlane::write_round(instance, document.round, document.instance_sha256);
      });
  return 0;
}
