#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::test {

/// a and b, each 4 + 3 of work, head 1 and tail 2, on h0 and h1: 1 + 7 + 2 = 10 apart, 1 + 2 * 7 + 2 = 17 together.
inline Instance two_and_two() {
  InstanceBuilder builder;
  const HelperIndex h0 = builder.add_helper({"h0", std::nullopt, 0});
  const HelperIndex h1 = builder.add_helper({"h1", std::nullopt, 0});
  for (const char* id : {"a", "b"}) {
    builder.add_client(id);
    builder.add_option({h0, 1, 4, 0, 0, 3, 2, 0, std::nullopt, std::nullopt});
    builder.add_option({h1, 1, 4, 0, 0, 3, 2, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

/// The message of what `act` raises.
template <class Act>
std::string message_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was raised";
  return {};
}

}  // namespace splitlane::test
