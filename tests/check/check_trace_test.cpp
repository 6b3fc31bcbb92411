// A trace that happened as it could is valid; each condition of check_trace.hpp, broken once, is named.
#include "splitlane/check/check_trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane {
namespace {

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
  plan.choice = {instance.options(ClientIndex(0))[0], instance.options(ClientIndex(1))[0],
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
        Flaw{"given_up_without_a_loss",
             [](Trace& trace) {
               trace.lanes[1].push_back({ClientIndex(0), 1, Task::kForward, 3, 4});
             },
             "lies before the batch starts, and the helper was not lost after it"}),
    [](const ::testing::TestParamInfo<Flaw>& flaw) { return flaw.param.name; });

TEST(CheckTrace, WorkAfterTheEndOfATaskContradictsItTwice) {
  const TraceReport report = report_of([](Trace& trace) {
    trace.lanes[0][6] = {ClientIndex(0), 0, Task::kForward, 16, 18};
  });
  EXPECT_THAT(report.violations, ElementsAre(HasSubstr("runs until 18, but ended at 6"),
                                             HasSubstr("an end of 6, but its last segment ends at 18")));
}

// h1 served c1 from 2 to 5 and was lost at 6; the batch began again on h0.
TEST(CheckTrace, AttemptsOnALostHelperCountForNothing) {
  const auto lose = [](Trace& trace) {
    trace.lanes[1] = {{ClientIndex(1), 0, Task::kForward, 2, 3}};
    trace.clients[1].batches[0].start = 3;
    trace.events = {{6, "lost", "h1", ""}, {7, "planned-again", "", ""}};
  };
  EXPECT_THAT(report_of(lose).violations, ElementsAre());
  const TraceReport lost_too_early = report_of([&](Trace& trace) {
    lose(trace);
    trace.events[0].time = 2;
  });
  EXPECT_THAT(lost_too_early.violations, ElementsAre(HasSubstr("was not lost after it")));
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
