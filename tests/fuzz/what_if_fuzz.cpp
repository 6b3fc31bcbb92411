// Any bytes as a what-if document of one small instance.
#include <cstddef>
#include <cstdint>

#include "fuzz/round_trip.hpp"
#include "splitlane/io/what_if_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const splitlane::Instance instance = splitlane::testing::two_helpers_and_two_clients();
  splitlane::testing::expect_round_trip(
      {reinterpret_cast<const char*>(data), size},
      [](std::string_view bytes) { return splitlane::parse_what_if(bytes, instance); },
      [](const splitlane::WhatIfDocument& document) {
        return splitlane::write_what_if(instance, document.what_if, document.instance_sha256);
      });
  return 0;
}
