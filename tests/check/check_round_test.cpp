// A valid round made by hand, broken in one way at a time.
#include "splitlane/check/check_round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/round/round.hpp"
#include "support/random.hpp"

namespace splitlane {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One client alone on its helper: release 1, forward 2, turnaround 1, backward 2, tail 1. Two batches:
// forward [1,3), backward [4,6), complete at 7; released at 8: forward [8,10), backward [11,13), complete at 14.
Instance one_client(Time switch_cost = 0, std::optional<Megabytes> memory = std::nullopt) {
  InstanceBuilder builder;
  builder.add_helper({"h", memory, switch_cost});
  builder.add_client("c");
  OptionSpec spec;
  spec.helper = HelperIndex(0);
  spec.release = 1;
  spec.forward = 2;
  spec.client_forward = 1;
  spec.backward = 2;
  spec.tail = 1;
  spec.memory_mb = 5;
  builder.add_option(spec);
  return builder.build();
}

constexpr ClientIndex kC(0);

Round pipelined() {
  Round round;
  round.way = RoundWay::kOrder;
  round.batches = {2};
  round.choice = {OptionIndex(0)};
  round.completion = {14};
  round.makespan = 14;
  round.lanes = {{{kC, 1, Task::kForward, 1, 3},
                  {kC, 1, Task::kBackward, 4, 6},
                  {kC, 2, Task::kForward, 8, 10},
                  {kC, 2, Task::kBackward, 11, 13}}};
  return round;
}

Round with_barrier() {
  Round round = pipelined();
  round.way = RoundWay::kBarrier;
  round.lanes.clear();
  round.phases = {{1, 2, 7, {{HelperIndex(0), {{kC, Task::kForward, 1, 3}, {kC, Task::kBackward, 4, 6}}}}}};
  return round;
}

std::vector<std::string> violations(const Round& round, const Instance& instance = one_client()) {
  return check_round(instance, round).violations;
}

TEST(CheckRound, FindsNothingInValidRounds) {
  EXPECT_THAT(violations(pipelined()), ElementsAre());
  EXPECT_THAT(violations(with_barrier()), ElementsAre());
  EXPECT_EQ(check_round(one_client(), pipelined()).makespan, 14);
}

TEST(CheckRound, ReportsAForwardBeforeThePreviousBatchIsCompleteAndReleased) {
  Round round = pipelined();
  round.lanes[0][2] = {kC, 2, Task::kForward, 7, 9};
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("forward of batch 2 of client \"c\" from 7 to 9 starts before 8")));
}

TEST(CheckRound, ReportsMissingWork) {
  Round round = pipelined();
  round.lanes[0].pop_back();
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("backward of batch 2 lacks 2"), HasSubstr("completion"), HasSubstr("makespan")));
}

TEST(CheckRound, ReportsTooMuchWork) {
  Round round = pipelined();
  round.lanes[0][3].end = 14;
  EXPECT_THAT(violations(round),
              ElementsAre(HasSubstr("more than the 2 that are left"), HasSubstr("completion"), HasSubstr("makespan")));
}

TEST(CheckRound, ReportsAnOverlapAndAMissingGap) {
  Round round = pipelined();
  round.lanes[0][1] = {kC, 1, Task::kBackward, 2, 4};
  EXPECT_THAT(violations(round)[0], HasSubstr("starts before 3, the end of the segment before it"));
  EXPECT_THAT(violations(pipelined(), one_client(2))[0], HasSubstr("no 2 of switch cost after 0"));
}

TEST(CheckRound, ReportsASegmentOutOfTurn) {
  Round round = pipelined();
  round.lanes[0][2].batch = 1;
  EXPECT_THAT(violations(round)[0], HasSubstr("out of turn: the client waits for forward of batch 2"));
}

TEST(CheckRound, ReportsMemoryAndOptions) {
  EXPECT_THAT(violations(pipelined(), one_client(0, 4)), ElementsAre("helper \"h\": memory 5 MB of 4 MB"));
  Round round = pipelined();
  round.choice = {OptionIndex(1)};
  EXPECT_THAT(violations(round)[0], HasSubstr("none of its own options"));
  round = pipelined();
  round.batches.clear();
  EXPECT_THAT(violations(round)[0], HasSubstr("tables of another size"));
}

TEST(CheckRound, ReportsPhasesThatDoNotAddUp) {
  Round round = with_barrier();
  round.phases[0].batch_count = 3;
  EXPECT_THAT(violations(round)[0], HasSubstr("2 batches, but it takes part in 3"));
  round.phases[0].batch_count = 1;
  EXPECT_THAT(violations(round)[0], HasSubstr("2 batches, but the phases have 1"));
  round = with_barrier();
  round.phases[0].lanes.clear();
  EXPECT_THAT(violations(round)[0], HasSubstr("has no lane of it"));
  round = with_barrier();
  round.phases[0].makespan = 6;
  EXPECT_THAT(violations(round)[0], HasSubstr("makespan of 6, but the segments give 7"));
}

TEST(CheckRound, ReportsAWrongSummary) {
  Round round = with_barrier();
  round.lower_bound = 15;
  EXPECT_THAT(violations(round), ElementsAre("lower bound 15 is above the makespan 14"));
  round.lower_bound = 13;
  round.status = PlanStatus::kOptimal;
  EXPECT_THAT(violations(round), ElementsAre("status is optimal, but the makespan is 14 and the lower bound 13"));
  round = with_barrier();
  round.completion = {13};
  EXPECT_THAT(violations(round), ElementsAre(HasSubstr("completion is given as 13, but the segments give 14")));
}

TEST(CheckRound, HoldsTheWaysThatWereTriedAgainstTheRound) {
  Round round = pipelined();
  round.lower_bound = 14;
  round.ways = {{RoundWay::kBarrier, 15, 14}, {RoundWay::kOrder, 14, 14}};
  EXPECT_THAT(violations(round), ElementsAre());
  const auto violations_with = [&round](std::size_t way, Time makespan, Time lower_bound) {
    Round wrong = round;
    wrong.ways[way].makespan = makespan;
    wrong.ways[way].lower_bound = lower_bound;
    return violations(wrong);
  };
  EXPECT_THAT(violations_with(1, 15, 14), ElementsAre("way order: makespan is given as 15, but the segments give 14"));
  EXPECT_THAT(violations_with(0, 15, 16), ElementsAre("way barrier: lower bound 16 is above its makespan 15"));
  EXPECT_THAT(violations_with(0, 13, 13),
              ElementsAre("way barrier: makespan 13 is below the lower bound 14 of all rounds",
                          "way barrier: makespan 13, but the round, the best of all, has 14"));
  std::swap(round.ways[0], round.ways[1]);
  EXPECT_THAT(violations(round), ElementsAre("way barrier: listed behind order"));
  round.ways.erase(round.ways.begin());
  EXPECT_THAT(violations(round), ElementsAre("the round's own way, order, is not listed"));
}

/// A round that is wrong in one place, which has to be named: by one violation, all of `names`.
struct WrongRound {
  std::string what;
  Round round;
  std::vector<std::string> names;
};

void expect_named(const Instance& instance, const std::vector<WrongRound>& wrong_rounds) {
  for (const WrongRound& wrong : wrong_rounds) {
    const RoundReport report = check_round(instance, wrong.round);
    EXPECT_FALSE(report.valid()) << wrong.what;
    const bool is_named =
        std::any_of(report.violations.begin(), report.violations.end(), [&](const std::string& violation) {
          return std::all_of(wrong.names.begin(), wrong.names.end(),
                             [&](const std::string& name) { return violation.find(name) != std::string::npos; });
        });
    EXPECT_TRUE(is_named) << wrong.what << " at " << ::testing::PrintToString(wrong.names) << ", but found "
                          << ::testing::PrintToString(report.violations);
  }
}

// Six clients on two helpers, none of whose tasks is empty, and one that trains alone.
Instance mixed_instance(SwitchModel model) {
  test::Random random(7);
  InstanceBuilder builder;
  builder.set_switch_model(model);
  for (const char* id : {"h0", "h1"}) builder.add_helper({id, 60, 2});
  for (std::size_t client = 0; client < 6; ++client) {
    builder.add_client("c" + std::to_string(client));
    OptionSpec spec;
    spec.helper = HelperIndex(client % 2);
    spec.release = random.between(0, 5);
    spec.forward = random.between(1, 5);
    spec.client_forward = random.between(0, 5);
    spec.backward = random.between(1, 5);
    spec.tail = random.between(0, 5);
    spec.memory_mb = 20;
    builder.add_option(spec);
  }
  builder.add_client("alone");
  builder.add_local_option({17, 20, std::nullopt, std::nullopt});
  return builder.build();
}

const BatchCounts kMixedBatches = {1'000'000, 3, 3, 700, 1, 700, 40};

// All forwards of a helper and then all backwards.
Plan mixed_plan(const Instance& instance) {
  std::vector<OptionIndex> choice;
  for (const ClientIndex client : instance.clients()) choice.push_back(instance.options(client)[0]);
  SegmentTable table;
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<Segment> lane;
    const Time gap = switch_rule_of(instance, helper).lane_gap();
    Time now = 0;
    for (const Task task : {Task::kForward, Task::kBackward}) {
      for (std::size_t client = helper.value(); client < 6; client += 2) {
        // Late enough for every release and turnaround, at most 5 + 5 and two charged switches of 4.
        const Time start = now + std::max<Time>(gap, 20);
        now = start + (task == Task::kForward ? instance.forward(choice[client]) : instance.backward(choice[client]));
        lane.push_back({ClientIndex(client), task, start, now});
      }
    }
    table.append_lane(lane);
  }
  return {evaluate_schedule(instance, choice, table)};
}

std::string name_of(const Instance& instance, ClientIndex client) {
  return "client \"" + std::string(instance.client_id(client)) + "\"";
}

std::string batch_name(std::int64_t batch) { return " of batch " + std::to_string(batch) + " "; }

/// Every segment of every lane in turn, broken in every way. `lanes` finds the segments of lane number `lane` in a
/// copy; a lane's first batch is `first_batch`, 0 where segments name their batches.
template <class Lane>
void break_segments(const Instance& instance, const Round& valid, HelperIndex helper, std::int64_t first_batch,
                    const Lane& lane_of, std::vector<WrongRound>& wrong) {
  Round original = valid;
  const auto segments = lane_of(original);
  const std::string place = "helper \"" + std::string(instance.helper_id(helper)) + "\"";
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const auto segment = segments[at];
    std::int64_t batch = first_batch;
    if constexpr (requires { segment.batch; }) batch = segment.batch;
    const std::string client = name_of(instance, segment.client);
    const auto add = [&](const char* what, std::vector<std::string> names, const auto& change) {
      wrong.push_back({what, valid, std::move(names)});
      change(lane_of(wrong.back().round));
    };
    const std::vector<std::string> here = {place, batch_name(batch), client};
    add("starts too early", here, [&](auto& lane) { lane[at].start -= 1, lane[at].end -= 1; });
    add("is too long", here, [&](auto& lane) { lane[at].end += 1; });
    add("runs backwards", here, [&](auto& lane) { std::swap(lane[at].start, lane[at].end); });
    add("is there twice", here,
        [&](auto& lane) { lane.insert(lane.begin() + static_cast<std::ptrdiff_t>(at), segment); });
    add("is of the other task", here,
        [&](auto& lane) { lane[at].task = segment.task == Task::kForward ? Task::kBackward : Task::kForward; });
    add("is of a client of another helper",
        {place, batch_name(batch), name_of(instance, ClientIndex(1 - helper.value()))},
        [&](auto& lane) { lane[at].client = ClientIndex(1 - helper.value()); });
    add("is of no client", {place, batch_name(batch), "99"}, [&](auto& lane) { lane[at].client = ClientIndex(99); });
    // Then the task of its client is not done: what is missing, or what comes too early after it.
    add("is too short", {client, batch_name(batch)}, [&](auto& lane) { lane[at].start += 1; });
    add("is missing", {client, batch_name(batch)},
        [&](auto& lane) { lane.erase(lane.begin() + static_cast<std::ptrdiff_t>(at)); });
    if constexpr (requires { segment.batch; }) {
      add("is of the next batch", {place, batch_name(batch + 1), client}, [&](auto& lane) { ++lane[at].batch; });
    }
  }
}

template <class Count>
void break_numbers(const Instance& instance, const Round& valid, const Count& count_place,
                   std::vector<WrongRound>& wrong) {
  for (const ClientIndex client : instance.clients()) {
    const std::string name = name_of(instance, client);
    for (const std::int64_t step : {-1, 1}) {
      wrong.push_back({"completion", valid, {name, "completion"}});
      wrong.back().round.completion[client.value()] += step;
      wrong.push_back({"number of batches", valid, count_place(name)});
      wrong.back().round.batches[client.value()] += step;
    }
    wrong.push_back({"no batches", valid, {name, "0 batches"}});
    wrong.back().round.batches[client.value()] = 0;
    wrong.push_back({"another client's option", valid, {name, "none of its own options"}});
    wrong.back().round.choice[client.value()] = valid.choice[(client.value() + 1) % instance.client_count()];
  }
  wrong.push_back({"makespan", valid, {"makespan", std::to_string(valid.makespan - 1)}});
  wrong.back().round.makespan -= 1;
  wrong.push_back({"bound", valid, {"lower bound", std::to_string(valid.makespan + 1)}});
  wrong.back().round.lower_bound = valid.makespan + 1;
  wrong.push_back({"status", valid, {"optimal"}});
  wrong.back().round.status = PlanStatus::kOptimal;
}

TEST(CheckRound, NamesThePlaceOfEveryViolationInBatchesThatAreWrittenOnceForMany) {
  for (const SwitchModel model : {SwitchModel::kOccupy, SwitchModel::kCharge}) {
    const Instance instance = mixed_instance(model);
    const Round valid = round_with_barrier(instance, mixed_plan(instance).schedule, kMixedBatches);
    ASSERT_TRUE(check_round(instance, valid).valid());
    // Up to batch 1, 3, 40, 700 and 1,000,000.
    ASSERT_EQ(valid.phases.size(), 5U);
    std::vector<WrongRound> wrong;
    for (std::size_t phase = 0; phase < valid.phases.size(); ++phase) {
      const std::int64_t first_batch = valid.phases[phase].first_batch;
      const std::string from = "from batch " + std::to_string(first_batch);
      for (std::size_t lane = 0; lane < valid.phases[phase].lanes.size(); ++lane) {
        const HelperIndex helper = valid.phases[phase].lanes[lane].helper;
        const auto lane_of = [=](Round & round) -> auto& { return round.phases[phase].lanes[lane].segments; };
        break_segments(instance, valid, helper, first_batch, lane_of, wrong);
        wrong.push_back({"a lane is missing", valid, {std::string(instance.helper_id(helper)), from}});
        auto& lanes = wrong.back().round.phases[phase].lanes;
        lanes.erase(lanes.begin() + static_cast<std::ptrdiff_t>(lane));
        wrong.push_back({"a lane of no helper", valid, {from, "no helper"}});
        wrong.back().round.phases[phase].lanes[lane].helper = HelperIndex(5);
      }
      for (const std::int64_t step : {-1, 1}) {
        wrong.push_back({"makespan of a phase", valid, {from, "makespan"}});
        wrong.back().round.phases[phase].makespan += step;
        wrong.push_back({"first batch of a phase", valid, {"from batch " + std::to_string(first_batch + step)}});
        wrong.back().round.phases[phase].first_batch += step;
      }
      const bool is_last = phase + 1 == valid.phases.size();
      const std::string next = is_last ? "" : "from batch " + std::to_string(valid.phases[phase + 1].first_batch);
      wrong.push_back({"a phase is missing", valid, {is_last ? "client \"c0\": 1000000 batches" : next}});
      wrong.back().round.phases.erase(wrong.back().round.phases.begin() + static_cast<std::ptrdiff_t>(phase));
      wrong.push_back({"a phase is there twice", valid, {from}});
      wrong.back().round.phases.insert(wrong.back().round.phases.begin() + static_cast<std::ptrdiff_t>(phase),
                                       valid.phases[phase]);
    }
    break_numbers(
        instance, valid,
        [](const std::string& client) {
          return std::vector{client, std::string("batches")};
        },
        wrong);
    expect_named(instance, wrong);
  }
}

TEST(CheckRound, NamesThePlaceOfEveryViolationInListedBatches) {
  for (const SwitchModel model : {SwitchModel::kOccupy, SwitchModel::kCharge}) {
    const Instance instance = mixed_instance(model);
    const Round valid = round_in_order(instance, mixed_plan(instance).schedule, {9, 3, 3, 7, 1, 7, 4});
    ASSERT_TRUE(check_round(instance, valid).valid());
    std::vector<WrongRound> wrong;
    for (const HelperIndex helper : instance.helpers()) {
      const auto lane_of = [=](Round & round) -> auto& { return round.lanes[helper.value()]; };
      break_segments(instance, valid, helper, 0, lane_of, wrong);
    }
    // One batch fewer: its segments have nothing to do. One more: it lacks them, or takes another time alone.
    break_numbers(
        instance, valid, [](const std::string& client) { return std::vector{client}; }, wrong);
    expect_named(instance, wrong);
  }
}

}  // namespace
}  // namespace splitlane
