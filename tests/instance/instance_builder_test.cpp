// The builder refuses what makes no sense and names its place as in the JSON document.
#include "splitlane/instance/instance_builder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "splitlane/error.hpp"

namespace splitlane {
namespace {

void expect_error(ErrorCode code, const std::string& where, const std::function<void()>& action) {
  try {
    action();
    ADD_FAILURE() << "expected " << error_code_name(code) << " at " << where << ", but nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_EQ(error.parts().where, where) << error.what();
  }
}

OptionSpec option_on(HelperIndex helper) {
  OptionSpec option;
  option.helper = helper;
  return option;
}

// One helper "h0" and one client "c0" without options yet.
InstanceBuilder started_builder() {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  builder.add_client("c0");
  return builder;
}

TEST(InstanceBuilder, RefusesAnInstanceWithoutHelpers) {
  InstanceBuilder builder;
  builder.add_client("c0");
  builder.add_local_option({});
  expect_error(ErrorCode::kEmpty, "helpers", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesAnInstanceWithoutClients) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  expect_error(ErrorCode::kEmpty, "clients", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesAClientWithoutOptions) {
  InstanceBuilder builder = started_builder();
  builder.add_option(option_on(HelperIndex(0)));
  builder.add_client("c1");
  expect_error(ErrorCode::kEmpty, "clients[1].options", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesTwoHelpersWithOneId) {
  InstanceBuilder builder = started_builder();
  expect_error(ErrorCode::kDuplicateId, "helpers[1].id", [&] { builder.add_helper({"h0", std::nullopt, 0}); });
}

TEST(InstanceBuilder, RefusesTwoClientsWithOneId) {
  InstanceBuilder builder = started_builder();
  builder.add_local_option({});
  builder.add_client("c0");
  builder.add_local_option({});
  expect_error(ErrorCode::kDuplicateId, "clients[1].id", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesAHelperThatDoesNotExist) {
  InstanceBuilder builder = started_builder();
  builder.add_option(option_on(HelperIndex(0)));
  expect_error(ErrorCode::kUnknownId, "clients[0].options[1].helper",
               [&] { builder.add_option(option_on(HelperIndex(1))); });
  expect_error(ErrorCode::kUnknownId, "clients[0].options[1].helper", [&] { builder.add_option({}); });
}

TEST(InstanceBuilder, RefusesNumbersOutOfRange) {
  InstanceBuilder builder = started_builder();
  const Time too_large = kLargestNumber + 1;
  expect_error(ErrorCode::kOutOfRange, "helpers[1].memory_mb", [&] { builder.add_helper({"h1", -1, 0}); });
  InstanceBuilder fresh;
  expect_error(ErrorCode::kOutOfRange, "helpers[0].switch_cost", [&] {
    fresh.add_helper({"h0", std::nullopt, too_large});
  });
  expect_error(ErrorCode::kOutOfRange, "slot_us", [&] { builder.set_slot_us(0); });
  expect_error(ErrorCode::kOutOfRange, "clients[0].options[0].local", [&] {
    builder.add_local_option({-1, 0, std::nullopt, std::nullopt});
  });
}

TEST(InstanceBuilder, RefusesEachOptionNumberOutOfRange) {
  const Time too_large = kLargestNumber + 1;
  const std::vector<std::pair<std::string, std::function<void(OptionSpec&, Time)>>> fields = {
      {"release", [](OptionSpec& option, Time value) { option.release = value; }},
      {"forward", [](OptionSpec& option, Time value) { option.forward = value; }},
      {"client_forward", [](OptionSpec& option, Time value) { option.client_forward = value; }},
      {"client_backward", [](OptionSpec& option, Time value) { option.client_backward = value; }},
      {"backward", [](OptionSpec& option, Time value) { option.backward = value; }},
      {"tail", [](OptionSpec& option, Time value) { option.tail = value; }},
      {"memory_mb", [](OptionSpec& option, Time value) { option.memory_mb = value; }},
      {"energy_mj", [](OptionSpec& option, Time value) { option.energy_mj = value; }},
  };
  for (const auto& [key, set] : fields) {
    for (const Time value : {Time{-1}, too_large}) {
      InstanceBuilder builder = started_builder();
      OptionSpec option = option_on(HelperIndex(0));
      set(option, value);
      expect_error(ErrorCode::kOutOfRange, "clients[0].options[0]." + key, [&] { builder.add_option(option); });
    }
  }
}

TEST(InstanceBuilder, RefusesCutLayersOutOfOrder) {
  for (const Cut cut : {Cut{5, 4}, Cut{-1, 4}}) {
    InstanceBuilder builder = started_builder();
    OptionSpec option = option_on(HelperIndex(0));
    option.cut = cut;
    expect_error(ErrorCode::kInconsistent, "clients[0].options[0].cut", [&] { builder.add_option(option); });
  }
}

TEST(InstanceBuilder, RefusesASlotLengthWithoutSlots) {
  InstanceBuilder builder = started_builder();
  builder.add_local_option({});
  builder.set_slot_us(180000).set_time_unit(TimeUnit::kMillisecond);
  expect_error(ErrorCode::kInconsistent, "slot_us", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesAnOptionBeforeTheFirstClient) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, 0});
  expect_error(ErrorCode::kUsage, "", [&] { builder.add_option(option_on(HelperIndex(0))); });
}

TEST(InstanceBuilder, RefusesDurationsThatAddUpPastTheLargestNumber) {
  // Each duration is legal alone; the horizon is their sum.
  InstanceBuilder builder = started_builder();
  OptionSpec option = option_on(HelperIndex(0));
  option.release = kLargestNumber;
  option.forward = kLargestNumber;
  option.backward = kLargestNumber;
  builder.add_option(option);
  expect_error(ErrorCode::kOverflow, "clients", [&] { builder.build(); });
}

TEST(InstanceBuilder, RefusesAnOverflowMadeOfManyLargeClients) {
  InstanceBuilder builder;
  builder.add_helper({"h0", std::nullopt, kLargestNumber});
  for (int client = 0; client < 5000; ++client) {
    builder.add_client("c" + std::to_string(client));
    OptionSpec option = option_on(HelperIndex(0));
    option.forward = kLargestNumber;
    option.tail = kLargestNumber;
    builder.add_option(option);
  }
  expect_error(ErrorCode::kOverflow, "clients", [&] { builder.build(); });
}

TEST(InstanceBuilder, AcceptsAHorizonOfExactlyTheLargestNumber) {
  InstanceBuilder builder = started_builder();
  OptionSpec option = option_on(HelperIndex(0));
  option.release = kLargestNumber - 2;
  option.forward = 1;
  option.backward = 1;
  builder.add_option(option);
  EXPECT_EQ(builder.build().horizon(), kLargestNumber);
}

TEST(InstanceBuilder, IsEmptyAfterBuild) {
  InstanceBuilder builder = started_builder();
  builder.add_local_option({});
  builder.build();
  EXPECT_EQ(builder.helper_count(), 0u);
  EXPECT_EQ(builder.client_count(), 0u);
  EXPECT_EQ(builder.find_helper("h0"), std::nullopt);
}

TEST(InstanceBuilder, FindsHelpersById) {
  const InstanceBuilder builder = started_builder();
  EXPECT_EQ(builder.find_helper("h0"), HelperIndex(0));
  EXPECT_EQ(builder.find_helper("h1"), std::nullopt);
}

}  // namespace
}  // namespace splitlane
