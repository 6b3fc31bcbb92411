// Ids are found where they stand, and a wrong one is answered with the nearest.
#include "splitlane/instance/ids.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

Instance two_clients() {
  InstanceBuilder builder;
  builder.add_helper({"desk", std::nullopt, 0});
  for (const char* id : {"phone", "camera"}) {
    builder.add_client(id);
    builder.add_option({HelperIndex(0), 1, 1, 1, 1, 1, 1, 0, std::nullopt, std::nullopt});
  }
  return builder.build();
}

std::string refusal(const Ids& ids, const char* id) {
  try {
    ids.position("--without-client", id);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "nothing was raised";
}

TEST(Ids, AreFoundWhereTheyStand) {
  const Instance instance = two_clients();
  EXPECT_EQ(Ids::of_clients(instance).position("", "camera"), 1U);
  EXPECT_EQ(Ids::of_helpers(instance).position("", "desk"), 0U);
  EXPECT_EQ(Ids::of_helpers(instance).find("phone"), std::nullopt);
}

TEST(Ids, OfAnotherAreRefusedWithTheNearest) {
  const Instance instance = two_clients();
  EXPECT_EQ(refusal(Ids::of_clients(instance), "camra"),
            "--without-client: no such client: got \"camra\", expected camera");
  EXPECT_EQ(refusal(Ids::of_clients(instance), "desk"),
            "--without-client: no such client: got \"desk\", expected the id of a client of the instance");
}

}  // namespace
}  // namespace splitlane
