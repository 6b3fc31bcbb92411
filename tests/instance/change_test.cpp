// A changed instance is the original but for what was to change, and refuses changes that make no sense.
#include "splitlane/instance/change.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

using Kind = Change::Kind;

constexpr ClientIndex kA(0);
constexpr ClientIndex kB(1);
constexpr HelperIndex kH0(0);
constexpr HelperIndex kH1(1);

// a on h0 or h1, b on h0 or locally; every object has a note.
Instance noted_instance() {
  InstanceBuilder builder;
  builder.set_name("noted").set_time_unit(TimeUnit::kSlot).set_slot_us(500).set_switch_model(SwitchModel::kCharge);
  builder.annotate_instance(R"({"of":"all"})");
  builder.add_helper({"h0", 10, 1});
  builder.annotate_helper(R"({"of":"h0"})");
  builder.add_helper({"h1", std::nullopt, 2});
  builder.add_client("a");
  builder.annotate_client(R"({"of":"a"})");
  builder.add_option({kH0, 1, 2, 3, 4, 5, 6, 7, Cut{1, 2}, 8});
  builder.annotate_option(R"({"of":"a0"})");
  builder.add_option({kH1, 10, 20, 30, 40, 50, 60, 7, Cut{1, 2}, 8});
  builder.add_client("b");
  builder.annotate_client(R"({"of":"b"})");
  builder.add_option({kH0, 7, 7, 7, 7, 7, 7, 3, std::nullopt, std::nullopt});
  builder.add_local_option({9, 1, std::nullopt, std::nullopt});
  builder.annotate_option(R"({"of":"b1"})");
  return builder.build();
}

std::vector<Time> durations(const Instance& instance, OptionIndex option) {
  return {instance.release(option),         instance.forward(option),  instance.client_forward(option),
          instance.client_backward(option), instance.backward(option), instance.tail(option)};
}

void expect_error(ErrorCode code, const std::vector<Change>& changes) {
  try {
    changed_instance(noted_instance(), changes);
    ADD_FAILURE() << "expected " << error_code_name(code);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
  }
}

TEST(ChangedInstance, OfNoChangeIsTheOriginal) {
  const Instance original = noted_instance();
  const Instance copy = changed_instance(original, {});
  EXPECT_EQ(copy.name(), "noted");
  EXPECT_EQ(copy.slot_us(), 500);
  EXPECT_EQ(copy.switch_model(), SwitchModel::kCharge);
  EXPECT_EQ(copy.note(), original.note());
  EXPECT_EQ(copy.helper_notes(), original.helper_notes());
  EXPECT_EQ(copy.client_notes(), original.client_notes());
  EXPECT_EQ(copy.option_notes(), original.option_notes());
  ASSERT_EQ(copy.option_count(), original.option_count());
  for (const OptionIndex option : original.options()) {
    EXPECT_EQ(copy.helper(option), original.helper(option));
    EXPECT_EQ(durations(copy, option), durations(original, option));
    EXPECT_EQ(copy.memory_demand(option), original.memory_demand(option));
    EXPECT_EQ(copy.cut(option), original.cut(option));
    EXPECT_EQ(copy.energy_mj(option), original.energy_mj(option));
  }
  for (const HelperIndex helper : original.helpers()) {
    EXPECT_EQ(copy.memory_capacity(helper), original.memory_capacity(helper));
    EXPECT_EQ(copy.switch_cost(helper), original.switch_cost(helper));
  }
}

TEST(ChangedInstance, FasterClientShortensAllButTheHelpersWorkAndRoundsUp) {
  // b, 25 % faster: 7 * 0.75 = 5.25 becomes 6, its local 9 * 0.75 = 6.75 becomes 7; a stays as it is.
  const Instance original = noted_instance();
  const Instance changed = changed_instance(original, std::vector{Change{Kind::kFasterClient, kB, {}, 25}});
  EXPECT_EQ(durations(changed, OptionIndex(2)), (std::vector<Time>{6, 7, 6, 6, 7, 6}));
  EXPECT_EQ(changed.path(OptionIndex(3)), 7);
  EXPECT_EQ(durations(changed, OptionIndex(0)), durations(original, OptionIndex(0)));
  EXPECT_EQ(changed.name(), "noted, client b and its link 25 % faster");
}

TEST(ChangedInstance, FasterHelperShortensWorkOnItAlone) {
  // h1, 90 % faster: 20 and 50 become 2 and 5. 100 % leaves nothing.
  const Instance changed = changed_instance(noted_instance(), std::vector{Change{Kind::kFasterHelper, {}, kH1, 90},
                                                                          Change{Kind::kFasterHelper, {}, kH0, 100}});
  EXPECT_EQ(durations(changed, OptionIndex(1)), (std::vector<Time>{10, 2, 30, 40, 5, 60}));
  EXPECT_EQ(durations(changed, OptionIndex(0)), (std::vector<Time>{1, 0, 3, 4, 0, 6}));
}

TEST(ChangedInstance, MoreHelpersAreCopiesOfTheChangedOne) {
  // Two copies of h0 with 10 + 5 MB and half the work (2 and 5 become 1 and 3), behind what each client had.
  const Instance changed = changed_instance(
      noted_instance(), std::vector{Change{Kind::kMoreHelpers, {}, kH0, 2}, Change{Kind::kMoreMemory, {}, kH0, 5},
                                    Change{Kind::kFasterHelper, {}, kH0, 50}});
  ASSERT_EQ(changed.helper_count(), 4U);
  EXPECT_EQ(changed.helper_id(HelperIndex(2)), "h0+1");
  EXPECT_EQ(changed.helper_id(HelperIndex(3)), "h0+2");
  for (const std::size_t helper : {0U, 2U, 3U}) {
    EXPECT_EQ(changed.memory_capacity(HelperIndex(helper)), 15);
    EXPECT_EQ(changed.switch_cost(HelperIndex(helper)), 1);
  }
  const auto options = changed.options(kA);
  ASSERT_EQ(options.size(), 4U);
  EXPECT_EQ(changed.helper(options[1]), kH1);
  EXPECT_EQ(changed.helper(options[2]), HelperIndex(2));
  EXPECT_EQ(changed.helper(options[3]), HelperIndex(3));
  EXPECT_EQ(durations(changed, options[3]), (std::vector<Time>{1, 1, 3, 4, 3, 6}));
  EXPECT_EQ(changed.cut(options[3]), (Cut{1, 2}));
  ASSERT_EQ(changed.options(kB).size(), 4U);
  EXPECT_TRUE(changed.is_local(changed.options(kB)[1]));
  // The notes of options 0 and 3 and of the copies: a's third and fourth.
  const SparseNotes notes = {
      {0, R"({"of":"a0"})"}, {2, R"({"of":"a0"})"}, {3, R"({"of":"a0"})"}, {5, R"({"of":"b1"})"}};
  EXPECT_EQ(changed.option_notes(), notes);
}

TEST(ChangedInstance, AHelperOfItsOwnServesOneClient) {
  const Instance changed = changed_instance(noted_instance(), std::vector{Change{Kind::kOwnHelper, kB, kH0, 0}});
  ASSERT_EQ(changed.helper_count(), 3U);
  EXPECT_EQ(changed.options(kA).size(), 2U);
  ASSERT_EQ(changed.options(kB).size(), 3U);
  EXPECT_EQ(changed.helper(changed.options(kB)[2]), HelperIndex(2));
}

TEST(ChangedInstance, WithoutAClientTheOthersKeepTheirNotes) {
  const Instance changed = changed_instance(noted_instance(), std::vector{Change{Kind::kWithoutClient, kA, {}, 0}});
  ASSERT_EQ(changed.client_count(), 1U);
  EXPECT_EQ(changed.client_id(ClientIndex(0)), "b");
  EXPECT_EQ(changed.client_notes(), (SparseNotes{{0, R"({"of":"b"})"}}));
  EXPECT_EQ(changed.option_notes(), (SparseNotes{{1, R"({"of":"b1"})"}}));
}

TEST(ChangedInstance, UnboundedMemoryHasNoLimit) {
  const Instance changed = changed_instance(noted_instance(), std::vector{Change{Kind::kUnboundedMemory, {}, kH0, 0}});
  EXPECT_FALSE(changed.memory_capacity(kH0).has_value());
}

TEST(ChangedInstance, CopiesAvoidIdsThatExist) {
  InstanceBuilder builder;
  builder.add_helper({"h", std::nullopt, 0});
  builder.add_helper({"h+1", std::nullopt, 0});
  builder.add_client("c");
  builder.add_option({kH0, 1, 1, 1, 1, 1, 1, 0, std::nullopt, std::nullopt});
  const Instance changed = changed_instance(builder.build(), std::vector{Change{Kind::kMoreHelpers, {}, kH0, 1}});
  EXPECT_EQ(changed.helper_id(HelperIndex(2)), "h+2");
}

TEST(ChangedInstance, RefusesWhatMakesNoSense) {
  expect_error(ErrorCode::kOutOfRange, {{Kind::kFasterClient, kA, {}, 0}});
  expect_error(ErrorCode::kOutOfRange, {{Kind::kFasterHelper, {}, kH0, 101}});
  expect_error(ErrorCode::kOutOfRange, {{Kind::kMoreHelpers, {}, kH0, 1001}});
  expect_error(ErrorCode::kOutOfRange, {{Kind::kMoreMemory, {}, kH0, kLargestNumber}});
  expect_error(ErrorCode::kInconsistent, {{Kind::kFasterClient, kA, {}, 10}, {Kind::kFasterClient, kA, {}, 10}});
  expect_error(ErrorCode::kInconsistent, {{Kind::kMoreMemory, {}, kH1, 5}});
  expect_error(ErrorCode::kEmpty, {{Kind::kWithoutClient, kA, {}, 0}, {Kind::kWithoutClient, kB, {}, 0}});
}

TEST(ChangeText, NamesUpToThreeChanges) {
  const Instance instance = noted_instance();
  const Change faster{Kind::kFasterHelper, {}, kH0, 20};
  const Change without{Kind::kWithoutClient, kA, {}, 0};
  EXPECT_EQ(change_text(instance, std::vector{faster, without}), "helper h0 20 % faster and without client a");
  EXPECT_EQ(change_text(instance, std::vector(4, faster)), "helper h0 20 % faster and 3 more changes");
}

}  // namespace
}  // namespace splitlane
