// A trace that happened as it could is valid; each condition of check_trace.hpp, broken once, is named.
#include "splitlane/check/check_trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Two helpers; c0 and c1 on h0, or on h1 as their second option; c2 local. Durations: release 2, forward 3, turnaround
/// 2, backward 4, tail 1.
Instance small_instance() {
  InstanceBuilder builder;
  for (const char* id : {"h0", "h1"}) builder.add_helper({id, std::nullopt, 0});
  for (const char* id : {"c0", "c1"}) {
    builder.add_client(id);
    for (std::size_t helper = 0; helper < 2; ++helper) {
      OptionSpec option;
      option.helper = HelperIndex(helper);
      option.release = 2;
      option.forward = 3;
      option.client_forward = 1;
      option.client_backward = 1;
      option.backward = 4;
      option.tail = 1;
      builder.add_option(option);
    }
  }
  builder.add_client("c2");
  builder.add_local_option({30, 0, std::nullopt, std::nullopt});
  return builder.build();
}

Plan small_plan(const Instance& instance) {
  Plan plan;
  plan.schedule.choice = {instance.options(ClientIndex(0))[0], instance.options(ClientIndex(1))[0],
                          instance.options(ClientIndex(2))[0]};
  return plan;
}

/// h0: forward c0 [2, 4) and [5, 6), paused for c1 [4, 5) and [6, 8); backward c0 [8, 12), c1 [12, 16). c0 began a
/// second batch that was not completed.
Trace valid_trace() {
  Trace trace;
  trace.lanes = {{{ClientIndex(0), 0, Task::kForward, 2, 4},
                  {ClientIndex(1), 0, Task::kForward, 4, 5},
                  {ClientIndex(0), 0, Task::kForward, 5, 6},
                  {ClientIndex(1), 0, Task::kForward, 6, 8},
                  {ClientIndex(0), 0, Task::kBackward, 8, 12},
                  {ClientIndex(1), 0, Task::kBackward, 12, 16},
                  {ClientIndex(0), 1, Task::kForward, 16, 17}},
                 {}};
  trace.clients = {{HelperIndex(0), {{0, 2, 6, 8, 12, 13}, {13, 15, {}, {}, {}, {}}}},
                   {HelperIndex(0), {{0, 3, 8, 10, 16, 17}}},
                   {HelperIndex::none(), {{0, {}, {}, {}, {}, 30}}}};
  return trace;
}

TraceReport report_of(const std::function<void(Trace&)>& change) {
  const Instance instance = small_instance();
  Trace trace = valid_trace();
  change(trace);
  return check_trace(instance, small_plan(instance), trace);
}

TEST(CheckTrace, AcceptsPausesLocalClientsAndAnUnfinishedBatch) {
  const TraceReport report = report_of([](Trace&) {});
  EXPECT_THAT(report.violations, ElementsAre());
  EXPECT_EQ(report.makespan, 30);  // the local client's
}

struct Flaw {
  std::string name;
  std::function<void(Trace&)> change;
  std::string message;
};
void PrintTo(const Flaw& flaw, std::ostream* out) { *out << flaw.name; }

class CheckTraceFlaw : public ::testing::TestWithParam<Flaw> {};

TEST_P(CheckTraceFlaw, IsNamedAndNothingElseIs) {
  const TraceReport report = report_of(GetParam().change);
  EXPECT_THAT(report.violations, ElementsAre(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    All, CheckTraceFlaw,
    ::testing::Values(
        Flaw{"lane_missing", [](Trace& trace) { trace.lanes.pop_back(); }, "3 clients and 1 lanes"},
        Flaw{"events_out_of_order",
             [](Trace& trace) {
               trace.events = {{5, "late", "", ""}, {4, "late", "", ""}};
             },
             "event \"late\" at 4 comes after one at 5"},
        Flaw{"empty_segment",
             [](Trace& trace) {
               trace.lanes[0].push_back({ClientIndex(0), 1, Task::kForward, 17, 17});
             },
             "a segment from 17 to 17"},
        Flaw{"overlap", [](Trace& trace) { trace.lanes[0][5].start = 11; },
             "starts at 11, but the one before ends at 12"},
        Flaw{"served_although_local",
             [](Trace& trace) {
               trace.clients[2] = {HelperIndex(1), {}};
             },
             "served by helper \"h1\", but the plan says no helper"},
        Flaw{"release_before_start", [](Trace& trace) { trace.clients[0].batches[1].release = 12; },
             "release at 12 comes before start at 13"},
        Flaw{"starts_before_the_batch_before_is_complete", [](Trace& trace) { trace.clients[0].batches[1].start = 12; },
             "start at 12 comes before the batch before at 13"},
        Flaw{"completion_without_backward_ready", [](Trace& trace) { trace.clients[2].batches[0].start.reset(); },
             "completion without start"},
        Flaw{"incomplete_in_the_middle",
             [](Trace& trace) {
               trace.clients[2].batches = {{0, {}, {}, {}, {}, {}}, {0, {}, {}, {}, {}, 30}};
             },
             "not completed, but batch 1 follows"},
        Flaw{"runs_before_it_is_ready", [](Trace& trace) { trace.clients[1].batches[0].release = 5; },
             "forward starts at 4, but is ready at 5"},
        Flaw{"ends_without_its_segment", [](Trace& trace) { trace.clients[1].batches[0].backward_end = 17; },
             "is given an end of 17, but its last segment ends at 16"},
        Flaw{"no_work_done", [](Trace& trace) { trace.lanes[0].erase(trace.lanes[0].begin() + 5); },
             "backward ends at 16 without a segment"},
        Flaw{"no_such_batch", [](Trace& trace) { trace.lanes[0][6].batch = 7; },
             "batch 7, but the client has 2 batches"},
        Flaw{"negative_batch", [](Trace& trace) { trace.lanes[0][6].batch = -1; }, "but the client has 2 batches"},
        Flaw{"given_up_without_a_reason",
             [](Trace& trace) {
               trace.lanes[0].insert(trace.lanes[0].begin(), {ClientIndex(0), 1, Task::kForward, 1, 2});
             },
             "lies before the batch starts at 13, and between the two the helper was not lost and nothing was planned "
             "again"}),
    [](const ::testing::TestParamInfo<Flaw>& flaw) { return flaw.param.name; });

TEST(CheckTrace, WorkAfterTheEndOfATaskContradictsItTwice) {
  const TraceReport report = report_of([](Trace& trace) {
    trace.lanes[0][6] = {ClientIndex(0), 0, Task::kForward, 16, 18};
  });
  EXPECT_THAT(report.violations, ElementsAre(HasSubstr("runs until 18, but ended at 6"),
                                             HasSubstr("an end of 6, but its last segment ends at 18")));
}

// A new plan at 7 moves c1, whose forward had run on h0 until then, to h1, where it begins its batch again.
void move_client(Trace& trace) {
  trace.lanes[0].resize(4);
  trace.lanes[0][3].end = 7;
  trace.lanes[1] = {{ClientIndex(1), 0, Task::kForward, 9, 12}, {ClientIndex(1), 0, Task::kBackward, 14, 18}};
  trace.clients[0].batches = {{0, 2, 6, 8, {}, {}}};
  trace.clients[1] = {HelperIndex(1), {{7, 9, 12, 14, 18, 19}}};
  trace.events = {{7, "planned-again", "", ""}};
}

TEST(CheckTrace, AMoveOffALivingHelperIsOneOfANewPlan) {
  EXPECT_THAT(report_of(move_client).violations, ElementsAre());
  const auto given_up = [](const char* segment) {
    return AllOf(HasSubstr(std::string("on helper \"h0\" from ") + segment), HasSubstr("nothing was planned again"));
  };
  // The attempt's last segment ends after the new plan.
  EXPECT_THAT(report_of([](Trace& trace) {
                move_client(trace);
                trace.events[0].time = 6;
              }).violations,
              ElementsAre(given_up("6 to 7")));
  // The client begins again before the new plan.
  EXPECT_THAT(report_of([](Trace& trace) {
                move_client(trace);
                trace.events[0].time = 8;
              }).violations,
              ElementsAre(given_up("4 to 5"), given_up("6 to 7")));
  // Nothing says that there was a new plan.
  EXPECT_THAT(report_of([](Trace& trace) {
                move_client(trace);
                trace.events[0].kind = "late";
              }).violations,
              ElementsAre(HasSubstr("served by helper \"h1\""), given_up("4 to 5"), given_up("6 to 7"),
                          HasSubstr("on helper \"h1\" from 9 to 12, but the plan says helper \"h0\""),
                          HasSubstr("on helper \"h1\" from 14 to 18, but the plan says helper \"h0\"")));
}

TEST(CheckTrace, BeforeTheNewPlanAClientIsServedWhereTheOldOneSays) {
  const TraceReport report = report_of([](Trace& trace) {
    move_client(trace);
    trace.lanes[1].insert(trace.lanes[1].begin(), {ClientIndex(1), 0, Task::kForward, 2, 3});
  });
  EXPECT_THAT(report.violations,
              ElementsAre(HasSubstr("on helper \"h1\" from 2 to 3, but the plan says helper \"h0\"")));
}

// c0 trained its first batch on h0; a new plan at 14 has it train the second itself.
TEST(CheckTrace, ANewPlanBetweenTwoBatchesMayMakeAClientLocal) {
  const auto make_local = [](Trace& trace) {
    trace.lanes[0].pop_back();
    trace.clients[0].helper = HelperIndex::none();
    trace.clients[0].batches[1] = {14, {}, {}, {}, {}, 40};
    trace.events = {{14, "planned-again", "", ""}};
  };
  EXPECT_THAT(report_of(make_local).violations, ElementsAre());
  const TraceReport before_the_plan = report_of([&](Trace& trace) {
    make_local(trace);
    trace.events[0].time = 0;
  });
  EXPECT_THAT(
      before_the_plan.violations,
      ElementsAre(HasSubstr("a local batch with release"), HasSubstr("a local batch with forward_end"),
                  HasSubstr("a local batch with backward_ready"), HasSubstr("a local batch with backward_end")));
  const TraceReport unfinished = report_of([&](Trace& trace) {
    make_local(trace);
    trace.lanes[0].pop_back();
    trace.lanes[0].erase(trace.lanes[0].begin() + 4);
  });
  EXPECT_THAT(unfinished.violations, ElementsAre(HasSubstr("backward ends at 12 without a segment"),
                                                 HasSubstr("backward ends at 16 without a segment")));
}

// The forward of c1 had run until 7 when h0 was lost; h0 comes back, and c1 begins its batch again at 8.
TEST(CheckTrace, AttemptsOnALostHelperCountForNothing) {
  const auto lose = [](Trace& trace) {
    trace.lanes[0].resize(4);
    trace.lanes[0][3].end = 7;
    trace.lanes[0].push_back({ClientIndex(1), 0, Task::kForward, 10, 13});
    trace.clients[0].batches = {{0, 2, 6, 8, {}, {}}};
    trace.clients[1].batches = {{8, 10, 13, {}, {}, {}}};
    trace.events = {{7, "lost", "h0", ""}, {8, "joined", "h0", ""}};
  };
  EXPECT_THAT(report_of(lose).violations, ElementsAre());
  const TraceReport lost_too_early = report_of([&](Trace& trace) {
    lose(trace);
    trace.events[0].time = 6;
  });
  EXPECT_THAT(lost_too_early.violations, ElementsAre(HasSubstr("from 6 to 7 lies before the batch starts at 8")));
  const TraceReport another_lost = report_of([&](Trace& trace) {
    lose(trace);
    trace.events[0].node = "h1";
  });
  EXPECT_THAT(another_lost.violations, ElementsAre(HasSubstr("from 4 to 5"), HasSubstr("from 6 to 7")));
}

TEST(CheckTrace, AClientMovesOnlyWherePlannedAgain) {
  const auto move = [](Trace& trace) {
    for (std::vector<TraceSegment>& lane : trace.lanes) lane.clear();
    for (ClientTrace& client : trace.clients) client.batches.clear();
    trace.clients[1].helper = HelperIndex(1);
  };
  EXPECT_THAT(report_of(move).violations,
              ElementsAre(HasSubstr("served by helper \"h1\", but the plan says helper \"h0\"")));
  EXPECT_TRUE(report_of([&](Trace& trace) {
                move(trace);
                trace.events = {{0, "planned-again", "", ""}};
              }).valid());
}

TEST(CheckTrace, ListsTwentyViolationsAndCountsAll) {
  const TraceReport report = report_of([](Trace& trace) {
    trace.lanes[1].assign(30, {ClientIndex(2), 9, Task::kForward, 1, 1});
  });
  EXPECT_EQ(report.violations.size(), TraceReport::kListed);
  EXPECT_EQ(report.count, 60U);  // each is empty, and of a batch that is none
}

}  // namespace
}  // namespace splitlane
