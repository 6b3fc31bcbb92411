#include "report/trace_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "report/trace_fixtures.hpp"
#include "splitlane/error.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/methods/method.hpp"
#include "support/random_instance.hpp"

namespace splitlane::testing {
namespace {

using report::ClientBatch;
using report::LateTask;
using report::PlanView;
using report::SlowStep;
using report::Step;
using report::StepKind;
using report::TraceView;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ClientIndex kFirst(0);
constexpr ClientIndex kSecond(1);

Step in_slots(StepKind kind, ClientIndex client, Time start, Time end) {
  return {kind, client, start * kSlotUs, end * kSlotUs};
}

TEST(TraceView, NamesEveryTaskThatEndsAfterItsPlannedEnd) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const Trace trace = delayed_trace();
  expect_valid_trace(instance, plan, trace);
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  const HelperIndex h0(0);
  // Planned ends 3, 6, 8 and 12; each task ends 2 later.
  EXPECT_THAT(view.deviation().late, ElementsAre(LateTask{kFirst, Task::kForward, h0, 3 * kSlotUs, 5 * kSlotUs},
                                                 LateTask{kSecond, Task::kForward, h0, 6 * kSlotUs, 8 * kSlotUs},
                                                 LateTask{kFirst, Task::kBackward, h0, 8 * kSlotUs, 10 * kSlotUs},
                                                 LateTask{kSecond, Task::kBackward, h0, 12 * kSlotUs, 14 * kSlotUs}));
  EXPECT_EQ(view.deviation().judged, 4u);
  EXPECT_EQ(view.deviation().not_ended, 0u);
  EXPECT_EQ(view.deviation().latest, view.deviation().late.front());
  EXPECT_THAT(view.deviation().incomplete, IsEmpty());
  EXPECT_THAT(view.deviation().moved, IsEmpty());
}

TEST(TraceView, FollowsTheActualCriticalPathAndNamesWhatTookLonger) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const Trace trace = delayed_trace();
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  EXPECT_THAT(view.actual_path(),
              ElementsAre(in_slots(StepKind::kRelease, kFirst, 0, 1), in_slots(StepKind::kForward, kFirst, 1, 5),
                          in_slots(StepKind::kForward, kSecond, 5, 8), in_slots(StepKind::kTurnaround, kSecond, 8, 12),
                          in_slots(StepKind::kBackward, kSecond, 12, 14), in_slots(StepKind::kTail, kSecond, 14, 15)));
  // Everything else took as long as planned.
  const std::vector<SlowStep> slow = slow_steps(view.planned(), view.actual(), view.actual_path());
  ASSERT_EQ(slow.size(), 1u);
  EXPECT_EQ(slow[0].kind, StepKind::kForward);
  EXPECT_EQ(slow[0].batch, (ClientBatch{kFirst, 0}));
  EXPECT_EQ(slow[0].planned, 2 * kSlotUs);
  EXPECT_EQ(slow[0].actual, 4 * kSlotUs);
}

TEST(TraceView, AnAttemptOnALostHelperIsOneStepOfTheWay) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const Trace trace = lost_helper_trace();
  expect_valid_trace(instance, plan, trace);
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  EXPECT_THAT(view.actual_path(),
              ElementsAre(in_slots(StepKind::kLost, kSecond, 0, 5), in_slots(StepKind::kRelease, kSecond, 5, 7),
                          in_slots(StepKind::kForward, kSecond, 7, 8), in_slots(StepKind::kTurnaround, kSecond, 8, 12),
                          in_slots(StepKind::kBackward, kSecond, 12, 14), in_slots(StepKind::kTail, kSecond, 14, 15)));
  // a ends its forward at 3 as planned and never its backward; b, planned at 6 and 12, ends at 8 and 14 on h1.
  const HelperIndex h1(1);
  EXPECT_THAT(view.deviation().late, ElementsAre(LateTask{kSecond, Task::kForward, h1, 6 * kSlotUs, 8 * kSlotUs},
                                                 LateTask{kSecond, Task::kBackward, h1, 12 * kSlotUs, 14 * kSlotUs}));
  EXPECT_EQ(view.deviation().not_ended, 1u);
  EXPECT_THAT(view.deviation().incomplete, ElementsAre(kFirst));
  ASSERT_EQ(view.deviation().moved.size(), 1u);
  EXPECT_EQ(view.deviation().moved[0].client, kSecond);
  EXPECT_EQ(view.deviation().moved[0].to, h1);
  // On h0's lane the attempt is still there: 2 + 1.
  EXPECT_EQ(view.actual().busy(HelperIndex(0)), 3 * kSlotUs);
  EXPECT_EQ(view.actual().lost_at(HelperIndex(0)), 4 * kSlotUs);
}

/// Client 0 on h0 and client 1 on h1, forward and backward 1 each; milliseconds. Batch 0 of client 1 has a backward of
/// 3, batch 1 of client 0 a backward of 4 or 6. With a barrier client 0 begins its second batch at 4, otherwise at 2.
Trace two_batches(bool barrier) {
  const auto ms = [](Time time) { return time * 1000; };
  const Time again = barrier ? 4 : 2;
  const auto segment = [&](ClientIndex client, std::int64_t batch, Task task, Time start, Time end) {
    return TraceSegment{client, batch, task, ms(start), ms(end)};
  };
  const auto times = [&](Time start, Time forward_end, Time end) {
    return BatchTimes{ms(start), ms(start), ms(forward_end), ms(forward_end), ms(end), ms(end)};
  };
  Trace trace;
  trace.lanes = {
      {segment(kFirst, 0, Task::kForward, 0, 1), segment(kFirst, 0, Task::kBackward, 1, 2),
       segment(kFirst, 1, Task::kForward, again, again + 1), segment(kFirst, 1, Task::kBackward, again + 1, 9)},
      {segment(kSecond, 0, Task::kForward, 0, 1), segment(kSecond, 0, Task::kBackward, 1, 4),
       segment(kSecond, 1, Task::kForward, 4, 5), segment(kSecond, 1, Task::kBackward, 5, 6)}};
  trace.clients = {{HelperIndex(0), {times(0, 1, 2), times(again, again + 1, 9)}},
                   {HelperIndex(1), {times(0, 1, 4), times(4, 5, 6)}}};
  return trace;
}

TEST(TraceView, ABatchBehindABarrierWaitedForTheClientThatCompletedLast) {
  const Instance instance = uniform_instance(2, 2);
  const Plan plan = uniform_plan(instance);
  const Trace trace = two_batches(true);
  expect_valid_trace(instance, plan, trace);
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  EXPECT_THAT(
      view.actual_path(),
      ElementsAre(Step{StepKind::kForward, kSecond, 0, 1000, 0}, Step{StepKind::kBackward, kSecond, 1000, 4000, 0},
                  Step{StepKind::kForward, kFirst, 4000, 5000, 1}, Step{StepKind::kBackward, kFirst, 5000, 9000, 1}));
  // The plan speaks of the first batch: of its four tasks client 1's backward, planned end 2, is late.
  EXPECT_EQ(view.deviation().judged, 4u);
  EXPECT_THAT(view.deviation().late, ElementsAre(LateTask{kSecond, Task::kBackward, HelperIndex(1), 2000, 4000}));
}

TEST(TraceView, ABatchWithoutABarrierWaitedForItsOwnClient) {
  const Instance instance = uniform_instance(2, 2);
  const Plan plan = uniform_plan(instance);
  const Trace trace = two_batches(false);
  expect_valid_trace(instance, plan, trace);
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  EXPECT_THAT(
      view.actual_path(),
      ElementsAre(Step{StepKind::kForward, kFirst, 0, 1000, 0}, Step{StepKind::kBackward, kFirst, 1000, 2000, 0},
                  Step{StepKind::kForward, kFirst, 2000, 3000, 1}, Step{StepKind::kBackward, kFirst, 3000, 9000, 1}));
}

TEST(TraceView, ScaledTimeIsComparedAtItsScale) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  Trace trace = delayed_trace();
  trace.source = TraceSource::kEmulated;
  trace.time_scale = 2;
  const PlanView plan_view(instance, plan);
  const TraceView view(plan_view, trace);
  // A planned slot takes 200 ms now: planned ends 3, 6, 8, 12 are 6, 12, 16, 24 slots, all after 5, 8, 10 and 14.
  EXPECT_THAT(view.deviation().late, IsEmpty());
  EXPECT_EQ(view.number(15 * kSlotUs), "7.5");
}

bool covers_all(const std::vector<Step>& steps, Time end) {
  Time reached = 0;
  for (const Step& step : steps) {
    if (step.start != reached || step.end <= step.start) return false;
    reached = step.end;
  }
  return reached == end;
}

/// The tasks that end late, counted from the plan's and the trace's own numbers.
std::size_t late_by_hand(const Instance& instance, const Plan& plan, const Trace& trace) {
  std::size_t late = 0;
  for (const HelperIndex helper : instance.helpers()) {
    const auto lane = plan.schedule.segments.lane(helper);
    for (std::size_t at = 0; at < lane.size(); ++at) {
      bool is_last = true;
      for (std::size_t later = at + 1; later < lane.size(); ++later) {
        is_last = is_last && (lane[later].client != lane[at].client || lane[later].task != lane[at].task);
      }
      if (!is_last) continue;
      const BatchTimes& times = trace.clients[lane[at].client.value()].batches.front();
      const std::optional<Time>& end = lane[at].task == Task::kForward ? times.forward_end : times.backward_end;
      if (end && *end > lane[at].end * microseconds_per_unit(instance)) ++late;
    }
  }
  return late;
}

TEST(TraceView, PathsCoverTheMakespansOfSimulatedExecutions) {
  std::size_t executed = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Instance instance = test::random_instance(seed, {});
    Plan plan;
    try {
      plan = plan_scale(instance, {});
    } catch (const Error&) {
      continue;
    }
    SimulationParameters parameters;
    parameters.seed = seed;
    parameters.noise.duration = seed % 3 == 0 ? 0 : 0.3;
    if (seed % 2 == 1) parameters.losses.push_back({{ClientIndex::none(), HelperIndex(0)}, plan.schedule.makespan / 2});
    const Trace trace =
        simulated_trace(instance, followed(instance, plan.schedule), parameters, ExecutionRule::kPlanned, 0);
    expect_valid_trace(instance, plan, trace);
    const PlanView plan_view(instance, plan);
    const TraceView view(plan_view, trace);
    EXPECT_TRUE(covers_all(view.planned_path(), view.planned().makespan())) << "seed " << seed;
    EXPECT_TRUE(covers_all(view.actual_path(), view.actual().makespan())) << "seed " << seed;
    EXPECT_EQ(view.actual().makespan(), trace.makespan()) << "seed " << seed;
    EXPECT_EQ(view.deviation().late.size(), late_by_hand(instance, plan, trace)) << "seed " << seed;
    // Without noise the rule `planned` keeps every planned end.
    if (parameters.noise.none()) {
      EXPECT_THAT(view.deviation().late, IsEmpty()) << "seed " << seed;
    }
    ++executed;
  }
  EXPECT_GT(executed, 30u);
}

TEST(TraceView, OfABrokenTraceHasPathsWithoutGaps) {
  const Instance instance = three_clients();
  const Plan plan = queued_plan(instance);
  const PlanView plan_view(instance, plan);
  std::vector<Trace> traces(4);
  traces[1] = delayed_trace();
  traces[1].lanes[0].push_back(slots(kFirst, Task::kBackward, 0, 20));
  traces[1].lanes[0].push_back({ClientIndex(9), 0, Task::kForward, 1, 2});
  traces[1].lanes[0].push_back({kFirst, 7, Task::kForward, 1, 2});
  traces[1].lanes[0].push_back({kFirst, -1, Task::kForward, 5, 2});
  traces[2] = delayed_trace();
  traces[2].clients[1].batches[0].backward_ready.reset();
  traces[2].clients.pop_back();
  traces[3] = lost_helper_trace();
  traces[3].lanes.pop_back();
  for (const Trace& trace : traces) {
    const TraceView view(plan_view, trace);
    const std::vector<Step>& path = view.actual_path();
    for (std::size_t index = 1; index < path.size(); ++index) EXPECT_EQ(path[index].start, path[index - 1].end);
  }
}

}  // namespace
}  // namespace splitlane::testing
