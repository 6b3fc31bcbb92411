// The page of a training: what every round came to, and the lanes of the last round beside its plan.
#include "splitlane/report/training_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "report/round_view.hpp"
#include "report/trace_fixtures.hpp"

namespace splitlane::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kLateMark = R"(class="late" pointer-events)";

/// Rounds with loss 1 / round, all planned at 1.3 s.
TrainingHistory history_of(std::int64_t rounds) {
  TrainingHistory history;
  history.network = "resnet20_cifar";
  history.samples = 1618;
  history.batch = 8;
  history.rounds = rounds + 1;
  history.has_checkpoint = true;
  for (std::int64_t round = 1; round <= rounds; ++round) {
    TrainedRound trained;
    trained.round = round;
    trained.planned = 13 * kSlotUs;
    trained.measured = 15 * kSlotUs;
    trained.loss = 1.0 / static_cast<double>(round);
    trained.accuracy = 0.5;
    trained.test_loss = 0.875;
    trained.test_accuracy = 0.25;
    trained.bytes = 2'500'000'000;
    history.trained.push_back(trained);
  }
  return history;
}

std::string page_of(const TrainingHistory& history, const Trace& trace) {
  const Instance instance = three_clients();
  return training_page(instance, history, queued_plan(instance), nullptr, trace);
}

/// `queued_plan` twice, the second batch 13 slots after the first: as phases, or as lanes.
Round two_batches(RoundWay way, const Instance& instance) {
  const Plan plan = queued_plan(instance);
  Round round;
  round.way = way;
  round.makespan = 26;
  round.batches = {2, 2, 1};
  round.choice = plan.schedule.choice;
  const auto lane = plan.schedule.segments.lane(HelperIndex(0));
  if (way == RoundWay::kBarrier) {
    round.phases = {{1, 2, 13, {{HelperIndex(0), {lane.begin(), lane.end()}}}}};
    return round;
  }
  round.lanes.resize(2);
  for (const std::int64_t batch : {1, 2}) {
    for (const Segment& segment : lane) {
      const Time start = 13 * (batch - 1);
      round.lanes[0].push_back({segment.client, batch, segment.task, start + segment.start, start + segment.end});
    }
  }
  return round;
}

/// `planned_trace` and then again from 13 on, where the backward of b, the last task, ends 1 later.
Trace two_batches_traced() {
  Trace trace = planned_trace();
  for (TraceSegment segment : std::vector<TraceSegment>(trace.lanes[0])) {
    segment.batch = 1;
    segment.start += 13 * kSlotUs;
    segment.end += 13 * kSlotUs;
    trace.lanes[0].push_back(segment);
  }
  trace.lanes[0].back().end += kSlotUs;
  trace.clients[0].batches.push_back(batch_of(13, 14, 16, 19, 21, 24));
  trace.clients[1].batches.push_back(batch_of(13, 15, 19, 23, 26, 27));
  return trace;
}

TEST(TrainingPage, SaysWhatWasTrainedAndByWhichPlan) {
  const std::string page = page_of(history_of(2), planned_trace());
  EXPECT_THAT(page, HasSubstr("resnet20_cifar learns from 1618 samples on 3 clients with 2 helpers, in batches of 8; 2 "
                              "of 3 rounds done."));
  // Slots of 100 ms; (13 - 10) / 10.
  EXPECT_THAT(page, HasSubstr("method by-hand: makespan 13 slots (1.3 s), proven to be at least 10 slots (1 s), gap "
                              "30.0 %. Helpers follow rule planned."));
  EXPECT_THAT(page, HasSubstr("1 client trains alone"));
}

TEST(TrainingPage, HasEveryRoundInTableAndCurves) {
  const std::string page = page_of(history_of(3), planned_trace());
  // 1.5 / 1.3 = 1.1538.
  EXPECT_THAT(page, HasSubstr("<td>3</td><td>1.3 s</td><td>1.5 s</td><td>+15.4 %</td><td>0.333</td><td>50.0 %</td>"
                              "<td>0.875</td><td>25.0 %</td><td>2.5</td>"));
  for (const char* round : {"1", "2", "3"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<tr><td>") + round + "</td>"));
    for (const char* point : {"planned of round ", "measured of round "}) {
      EXPECT_THAT(page, HasSubstr(point + std::string(round)));
    }
    // Of loss and of accuracy.
    for (const char* point : {">training of round ", ">test of round "}) {
      EXPECT_EQ(count_of(page, point + std::string(round) + ":"), 2u) << round;
    }
  }
  EXPECT_THAT(page, HasSubstr("training of round 2: 0.5<"));
  EXPECT_THAT(page, HasSubstr("test of round 2: 25.0 %<"));
}

TEST(TrainingPage, LeavesOutOldRowsOfManyRoundsAndSaysSo) {
  const std::string page = page_of(history_of(1000), planned_trace());
  EXPECT_EQ(count_of(page, "<tr><td>800</td>"), 0u);
  EXPECT_EQ(count_of(page, "<tr><td>801</td>"), 1u);
  EXPECT_EQ(count_of(page, "<tr><td>1000</td>"), 1u);
  EXPECT_THAT(page, HasSubstr("the last 200 rounds; metrics.jsonl has all 1000."));
  EXPECT_LT(page.size(), 300'000u);
}

TEST(TrainingPage, MarksWhatIsLateAndNothingElse) {
  const std::string late = page_of(history_of(1), delayed_trace());
  // All four tasks end 2 slots later than planned, a's forward the first of them.
  EXPECT_THAT(late, HasSubstr("4 of 4 tasks ended later than planned, by 200 ms at most (forward of a, batch 1)."));
  EXPECT_THAT(late, HasSubstr(kLateMark));
  EXPECT_THAT(late, HasSubstr("a batch 1 forward 1–5, planned end 3<"));
  EXPECT_THAT(late, HasSubstr("a batch 1 forward 1–3<"));
  EXPECT_EQ(count_of(late, R"(class="lane")"), 4u);
  const std::string punctual = page_of(history_of(1), planned_trace());
  EXPECT_THAT(punctual, HasSubstr("0 of 4 tasks ended later than planned."));
  EXPECT_THAT(punctual, Not(HasSubstr(kLateMark)));
}

TEST(TrainingPage, ToleratesAMillisecondAndOneHundredthOfThePlannedEnd) {
  // Slots are 100 ms. The forward of a is planned to end at 300 ms, so more than 3 ms is late; that of a task planned
  // to end at 50 ms would be late by more than 1 ms.
  EXPECT_FALSE(report::is_late(50'000, 51'000));
  EXPECT_TRUE(report::is_late(50'000, 51'001));
  EXPECT_FALSE(report::is_late(0, 1'000));
  EXPECT_FALSE(report::is_late(300'000, 303'000));
  EXPECT_TRUE(report::is_late(300'000, 303'001));
  for (const Time lateness : {3'000, 3'001}) {
    Trace trace = planned_trace();
    trace.lanes[0].front().end += lateness;
    *trace.clients[0].batches[0].forward_end += lateness;
    const std::string page = page_of(history_of(1), trace);
    EXPECT_EQ(count_of(page, kLateMark), lateness > 3'000 ? 1u : 0u);
    EXPECT_EQ(count_of(page, "1 of 4 tasks ended later than planned"), lateness > 3'000 ? 1u : 0u);
  }
}

TEST(TrainingPage, JudgesEveryBatchOfARoundWithAndWithoutBarrier) {
  const Instance instance = three_clients();
  const Trace trace = two_batches_traced();
  for (const RoundWay way : {RoundWay::kBarrier, RoundWay::kOrder}) {
    const Round round = two_batches(way, instance);
    const std::string page = training_page(instance, history_of(1), queued_plan(instance), &round, trace);
    EXPECT_THAT(page, HasSubstr("1 of 8 tasks ended later than planned, by 100 ms at most (backward of b, batch 2)."));
    EXPECT_THAT(page, HasSubstr("b batch 2 backward 23–25<"));
    EXPECT_THAT(page, HasSubstr("b batch 2 backward 23–26, planned end 25<"));
    EXPECT_EQ(count_of(page, "planned end 25<"), 1u);
    EXPECT_THAT(page, HasSubstr(std::string("all batches by way ").append(round_way_name(way))));
  }
}

TEST(TrainingPage, NamesOnlyCommandsThatWork) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const std::string report = "splitlane report instance.json plan-002.json --trace trace-002.json";
  const std::string check = "splitlane check instance.json plan-002.json --trace trace-002.json";
  const std::string of_plan = training_page(instance, history_of(2), plan, nullptr, planned_trace());
  EXPECT_THAT(of_plan, HasSubstr(report));
  EXPECT_THAT(of_plan, HasSubstr(check));
  EXPECT_THAT(of_plan, HasSubstr("checkpoint.pt"));
  // A report is of one batch.
  const Round round = two_batches(RoundWay::kOrder, instance);
  const std::string of_round = training_page(instance, history_of(2), plan, &round, two_batches_traced());
  EXPECT_THAT(of_round, Not(HasSubstr("splitlane report")));
  EXPECT_THAT(of_round, HasSubstr(check));
  TrainingHistory without = history_of(1);
  without.has_checkpoint = false;
  EXPECT_THAT(page_of(without, planned_trace()), Not(HasSubstr("checkpoint.pt")));
}

TEST(TrainingPage, SaysThatAPlanOfOneBatchSpeaksOfTheFirst) {
  const Instance instance = three_clients();
  const std::string page = training_page(instance, history_of(1), queued_plan(instance), nullptr, two_batches_traced());
  EXPECT_THAT(page, HasSubstr("it speaks of one batch, the first"));
  EXPECT_THAT(page, HasSubstr("0 of 4 tasks ended later than planned."));
}

TEST(TrainingPage, CallsNothingLateWhereTheClockIsNotThePlans) {
  TrainingHistory history = history_of(1);
  history.trained.back().planned.reset();
  const std::string page = page_of(history, delayed_trace());
  EXPECT_THAT(page, Not(HasSubstr(kLateMark)));
  EXPECT_THAT(page, Not(HasSubstr("ended later")));
  EXPECT_THAT(page, Not(HasSubstr("planned makespan")));
  EXPECT_THAT(page, HasSubstr("another clock than its plan"));
}

TEST(TrainingPage, EscapesIdsAndNamesAndLoadsNothing) {
  const Instance instance = three_clients("<script>alert(1)</script>", "b&\"'", "</svg>");
  TrainingHistory history = history_of(1);
  history.name = "<img src=x>";
  history.network = "<b>";
  Plan plan = queued_plan(instance);
  plan.origin.method = "</style>";
  const std::string page = training_page(instance, history, plan, nullptr, delayed_trace());
  for (const char* tag : {"<script", "<img", "<b>", "href", "@import", "url(http"}) {
    EXPECT_THAT(page, Not(HasSubstr(tag)));
  }
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; batch 1 forward"));
  EXPECT_THAT(page, HasSubstr("Training of &lt;img src=x&gt;"));
  EXPECT_THAT(page, HasSubstr("method &lt;/style&gt;"));
  EXPECT_EQ(count_of(page, "</svg>"), 4u);
  EXPECT_EQ(count_of(page, "</style>"), 2u);
}

/// `clients` on `helpers` in turn; each batch a helper runs the forwards of all its clients, then their backwards, each
/// 10 long and in `pieces` pieces with a slot between them. What happened is as planned, each piece 1 later.
struct LargeRound {
  Instance instance;
  Plan plan;
  Round round;
  Trace trace;
};
LargeRound large_round(std::size_t helpers, std::size_t clients, std::int64_t batches, Time pieces) {
  LargeRound large{uniform_instance(helpers, clients), {}, {}, {}};
  large.plan = uniform_plan(large.instance);
  large.round.way = RoundWay::kOrder;
  large.round.batches.assign(clients, batches);
  large.round.choice = large.plan.schedule.choice;
  large.round.lanes.resize(helpers);
  large.trace.lanes.resize(helpers);
  for (std::size_t client = 0; client < clients; ++client) {
    large.trace.clients.push_back(
        {HelperIndex(client % helpers), std::vector<BatchTimes>(static_cast<std::size_t>(batches))});
  }
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    Time start = 0;
    for (std::int64_t batch = 0; batch < batches; ++batch) {
      for (const Task task : {Task::kForward, Task::kBackward}) {
        for (std::size_t client = helper; client < clients; client += helpers) {
          BatchTimes& times = large.trace.clients[client].batches[static_cast<std::size_t>(batch)];
          times.start = 0;
          for (Time piece = 0; piece < pieces; ++piece, start += 10 / pieces + 1) {
            const Time end = start + 10 / pieces;
            large.round.lanes[helper].push_back({ClientIndex(client), batch + 1, task, start, end});
            large.trace.lanes[helper].push_back({ClientIndex(client), batch, task, 1000 * start + 1, 1000 * end + 1});
            (task == Task::kForward ? times.forward_end : times.backward_end) = 1000 * end + 1;
            times.completion = 1000 * end + 1;
          }
        }
      }
    }
    large.round.makespan = std::max(large.round.makespan, start);
  }
  return large;
}

std::string page_of(const LargeRound& large) {
  return training_page(large.instance, history_of(20), large.plan, &large.round, large.trace);
}

TEST(TrainingPage, StaysSmall) {
  // 240 tasks, planned and as they happened, each one bar.
  const std::string bars = page_of(large_round(5, 30, 4, 1));
  EXPECT_EQ(count_of(bars, R"(class="bar")"), 480u);
  EXPECT_LT(bars.size(), 300'000u);
  const std::string paused = page_of(large_round(5, 30, 4, 2));
  EXPECT_EQ(count_of(paused, R"(class="bar")"), 960u);
  EXPECT_LT(paused.size(), 300'000u);
  const std::string shares = page_of(large_round(5, 30, 4, 5));
  EXPECT_EQ(count_of(shares, R"(class="bar")"), 0u);
  EXPECT_THAT(shares, HasSubstr("too many tasks for bars"));
  EXPECT_LT(shares.size(), 300'000u);
  EXPECT_LT(page_of(large_round(100, 1000, 4, 1)).size(), 700'000u);
}

}  // namespace
}  // namespace splitlane::testing
