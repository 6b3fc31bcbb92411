// What was put into the builder comes out of the instance.
#include "splitlane/instance/instance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

// h0 bounded with switch cost 2, h1 unbounded. c0: two cuts on h0 and one option on h1. c1: local, or h1.
Instance example() {
  InstanceBuilder builder;
  builder.set_name("example").set_time_unit(TimeUnit::kSlot).set_slot_us(180000).set_switch_model(SwitchModel::kCharge);
  builder.annotate_instance("{\"a\":1}");
  builder.add_helper({"h0", 40, 2});
  builder.annotate_helper("{\"b\":2}");
  builder.add_helper({"h1", std::nullopt, 0});
  builder.add_client("c0");
  builder.annotate_client("{\"c\":3}");
  builder.add_option({HelperIndex(0), 1, 2, 3, 4, 5, 6, 7, Cut{3, 30}, std::nullopt});
  builder.add_option({HelperIndex(0), 2, 1, 3, 4, 4, 7, 6, Cut{5, 30}, 900});
  builder.annotate_option("{\"d\":4}");
  builder.add_option({HelperIndex(1), 9, 8, 0, 0, 7, 0, 0, std::nullopt, std::nullopt});
  builder.add_client("c1");
  builder.add_local_option({50, 0, std::nullopt, 1200});
  builder.add_option({HelperIndex(1), 0, 0, 10, 10, 3, 1, 5, std::nullopt, std::nullopt});
  return builder.build();
}

TEST(Instance, KeepsWhatDescribesTheWhole) {
  const Instance instance = example();
  EXPECT_EQ(instance.name(), "example");
  EXPECT_EQ(instance.time_unit(), TimeUnit::kSlot);
  EXPECT_EQ(instance.slot_us(), 180000);
  EXPECT_EQ(instance.switch_model(), SwitchModel::kCharge);
  EXPECT_EQ(instance.client_count(), 2u);
  EXPECT_EQ(instance.helper_count(), 2u);
  EXPECT_EQ(instance.option_count(), 5u);
}

TEST(Instance, KeepsHelpers) {
  const Instance instance = example();
  EXPECT_EQ(instance.helper_id(HelperIndex(1)), "h1");
  EXPECT_EQ(instance.memory_capacity(HelperIndex(0)), 40);
  EXPECT_EQ(instance.memory_capacity(HelperIndex(1)), std::nullopt);
  EXPECT_EQ(instance.switch_cost(HelperIndex(0)), 2);
}

TEST(Instance, GroupsOptionsByClient) {
  const Instance instance = example();
  EXPECT_EQ(instance.client_id(ClientIndex(1)), "c1");
  EXPECT_EQ(instance.options(ClientIndex(0)).size(), 3u);
  EXPECT_EQ(instance.options(ClientIndex(1)).size(), 2u);
  EXPECT_EQ(instance.options(ClientIndex(1))[0], OptionIndex(3));
}

TEST(Instance, KeepsEveryNumberOfAnOption) {
  const Instance instance = example();
  const OptionIndex option(0);
  EXPECT_EQ(instance.helper(option), HelperIndex(0));
  EXPECT_EQ(instance.release(option), 1);
  EXPECT_EQ(instance.forward(option), 2);
  EXPECT_EQ(instance.client_forward(option), 3);
  EXPECT_EQ(instance.client_backward(option), 4);
  EXPECT_EQ(instance.backward(option), 5);
  EXPECT_EQ(instance.tail(option), 6);
  EXPECT_EQ(instance.memory_demand(option), 7);
  EXPECT_EQ(instance.turnaround(option), 3 + 4);
  EXPECT_EQ(instance.load(option), 2 + 5);
  EXPECT_EQ(instance.path(option), 1 + 2 + 3 + 4 + 5 + 6);
}

TEST(Instance, KeepsOptionalKeysOnlyWhereGiven) {
  const Instance instance = example();
  EXPECT_EQ(instance.cut(OptionIndex(1)), (Cut{5, 30}));
  EXPECT_EQ(instance.cut(OptionIndex(2)), std::nullopt);
  EXPECT_EQ(instance.energy_mj(OptionIndex(0)), std::nullopt);
  EXPECT_EQ(instance.energy_mj(OptionIndex(1)), 900);
  EXPECT_EQ(instance.energy_mj(OptionIndex(3)), 1200);
  EXPECT_EQ(instance.energy_mj(OptionIndex(4)), std::nullopt);
}

TEST(Instance, TellsLocalOptionsApart) {
  const Instance instance = example();
  EXPECT_TRUE(instance.is_local(OptionIndex(3)));
  EXPECT_EQ(instance.local(OptionIndex(3)), 50);
  EXPECT_EQ(instance.release(OptionIndex(3)), 0) << "what no helper waits for";
  EXPECT_EQ(instance.local(OptionIndex(2)), 0) << "served, before the first local option";
  EXPECT_EQ(instance.local(OptionIndex(4)), 0) << "served, behind it";
  EXPECT_TRUE(instance.helper(OptionIndex(3)).is_none());
  EXPECT_EQ(instance.path(OptionIndex(3)), 50);
  EXPECT_EQ(instance.load(OptionIndex(3)), 0);
  EXPECT_FALSE(instance.is_local(OptionIndex(4)));
}

TEST(Instance, KeepsNotesWithTheirObjects) {
  const Instance instance = example();
  EXPECT_EQ(instance.note(), "{\"a\":1}");
  EXPECT_EQ(instance.helper_notes(), (SparseNotes{{0, "{\"b\":2}"}}));
  EXPECT_EQ(instance.client_notes(), (SparseNotes{{0, "{\"c\":3}"}}));
  EXPECT_EQ(instance.option_notes(), (SparseNotes{{1, "{\"d\":4}"}}));
  EXPECT_TRUE(instance.option_block_notes().empty());
}

TEST(Instance, HorizonIsTheLongestWaitPlusAllWork) {
  // Work with eight switches on the option's helper: c0 on h0 2 + 5 + 8 * 2 = 23 and 1 + 4 + 16 = 21, on h1 15: 23.
  // c1 on h1: 3. The longest wait (path without load) is 50, the local option's. 50 + 23 + 3 = 76.
  EXPECT_EQ(example().horizon(), 76);
}

TEST(Instance, ColumnsHoldWhatTheAccessorsSay) {
  const Instance instance = example();
  const InstanceColumns columns = instance.columns();
  EXPECT_THAT(columns.helper_memory, testing::ElementsAre(40, -1));
  EXPECT_THAT(columns.helper_switch_cost, testing::ElementsAre(2, 0));
  EXPECT_THAT(columns.first_option, testing::ElementsAre(0, 3, 5));
  ASSERT_EQ(columns.release.size(), instance.option_count());
  for (const OptionIndex option : instance.options()) {
    const std::size_t row = option.value();
    EXPECT_EQ(columns.option_helper[row], instance.helper(option));
    EXPECT_EQ(columns.release[row], instance.release(option));
    EXPECT_EQ(columns.forward[row], instance.forward(option));
    EXPECT_EQ(columns.client_forward[row], instance.client_forward(option));
    EXPECT_EQ(columns.client_backward[row], instance.client_backward(option));
    EXPECT_EQ(columns.backward[row], instance.backward(option));
    EXPECT_EQ(columns.tail[row], instance.tail(option));
    EXPECT_EQ(columns.memory_demand[row], instance.memory_demand(option));
    EXPECT_EQ(columns.cut[row].sigma_1, instance.cut(option).value_or(Cut{-1, -1}).sigma_1);
    EXPECT_EQ(columns.energy_mj[row], instance.energy_mj(option).value_or(-1));
  }
}

}  // namespace
}  // namespace splitlane
