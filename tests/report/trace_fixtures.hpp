#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/fixtures.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane::testing {

/// Microseconds of a slot of `three_clients`.
inline constexpr Time kSlotUs = 100000;

/// A segment whose instants are in slots.
inline TraceSegment slots(ClientIndex client, Task task, Time start, Time end) {
  return {client, 0, task, start * kSlotUs, end * kSlotUs};
}
/// Instants in slots.
inline BatchTimes batch_of(Time start, Time release, Time forward_end, Time ready, Time backward_end, Time completion) {
  return {start * kSlotUs, release * kSlotUs,      forward_end * kSlotUs,
          ready * kSlotUs, backward_end * kSlotUs, completion * kSlotUs};
}
/// c of `queued_plan`, which trains alone in 9.
inline ClientTrace alone() {
  BatchTimes times;
  times.start = 0;
  times.completion = 9 * kSlotUs;
  return {HelperIndex::none(), {times}};
}

/// `queued_plan` as planned.
inline Trace planned_trace() {
  const ClientIndex a(0);
  const ClientIndex b(1);
  Trace trace;
  trace.lanes = {{slots(a, Task::kForward, 1, 3), slots(b, Task::kForward, 3, 6), slots(a, Task::kBackward, 6, 8),
                  slots(b, Task::kBackward, 10, 12)},
                 {}};
  trace.clients = {
      {HelperIndex(0), {batch_of(0, 1, 3, 6, 8, 11)}}, {HelperIndex(0), {batch_of(0, 2, 6, 10, 12, 13)}}, alone()};
  return trace;
}

/// `queued_plan` with a's forward taking 4 instead of 2: a forward [1,5), b forward [5,8), a backward [8,10) (ready at
/// 5 + 3), b backward [12,14) (ready at 8 + 4). a completes at 10 + 3 = 13, b at 14 + 1 = 15; planned were 11 and 13.
inline Trace delayed_trace() {
  const ClientIndex a(0);
  const ClientIndex b(1);
  Trace trace;
  trace.lanes = {{slots(a, Task::kForward, 1, 5), slots(b, Task::kForward, 5, 8), slots(a, Task::kBackward, 8, 10),
                  slots(b, Task::kBackward, 12, 14)},
                 {}};
  trace.clients = {
      {HelperIndex(0), {batch_of(0, 1, 5, 8, 10, 13)}}, {HelperIndex(0), {batch_of(0, 2, 8, 12, 14, 15)}}, alone()};
  return trace;
}

/// `queued_plan`; h0 is lost at 4, in the midst of b's forward. a, which has no other helper, is lost with it. b begins
/// again on h1 at 5: release 5 + 2 = 7, forward [7,8), ready at 8 + 4 = 12, backward [12,14), completion 15.
inline Trace lost_helper_trace() {
  const ClientIndex a(0);
  const ClientIndex b(1);
  Trace trace;
  trace.lanes = {{slots(a, Task::kForward, 1, 3), slots(b, Task::kForward, 3, 4)},
                 {slots(b, Task::kForward, 7, 8), slots(b, Task::kBackward, 12, 14)}};
  BatchTimes of_a;
  of_a.start = 0;
  of_a.release = 1 * kSlotUs;
  of_a.forward_end = 3 * kSlotUs;
  trace.clients = {{HelperIndex(0), {of_a}}, {HelperIndex(1), {batch_of(5, 7, 8, 12, 14, 15)}}, alone()};
  trace.events = {{4 * kSlotUs, "lost", "h0", ""},
                  {4 * kSlotUs, "lost", "a", "no helper is left for it"},
                  {5 * kSlotUs, "planned-again", "", ""}};
  return trace;
}

inline void expect_valid_trace(const Instance& instance, const Plan& plan, const Trace& trace) {
  const TraceReport report = check_trace(instance, plan, trace);
  for (const std::string& violation : report.violations) ADD_FAILURE() << violation;
}

}  // namespace splitlane::testing
