#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane::testing {

inline HelperSpec helper_named(std::string_view id, std::optional<Megabytes> memory = {}, Time switch_cost = 0) {
  return {id, memory, switch_cost};
}

inline OptionSpec served_by(HelperIndex helper, Time release = 0, Time forward = 0, Time client_forward = 0,
                            Time client_backward = 0, Time backward = 0, Time tail = 0, Megabytes memory = 0) {
  return {helper, release, forward, client_forward, client_backward, backward, tail, memory, {}, {}};
}

inline LocalOptionSpec locally(Time local) { return {local, 0, {}, {}}; }

/// Two helpers, three clients; slots of 100 ms:
///   a: on h0  r 1  p 2  a 1+2  p' 2  r' 3, path 11
///   b: on h0  r 2  p 3  a 2+2  p' 2  r' 1, path 12; on h1 with p 1, path 10
///   c: on h1  r 0  p 1  a 0    p' 1  r' 0, path 2;  or locally in 9
inline Instance three_clients(std::string_view a = "a", std::string_view b = "b", std::string_view h0 = "h0") {
  InstanceBuilder builder;
  builder.set_name("three").set_time_unit(TimeUnit::kSlot).set_slot_us(100000);
  const HelperIndex first = builder.add_helper(helper_named(h0, 10));
  const HelperIndex second = builder.add_helper(helper_named("h1", 20));
  builder.add_client(a);
  builder.add_option(served_by(first, 1, 2, 1, 2, 2, 3, 4));
  builder.add_client(b);
  builder.add_option(served_by(first, 2, 3, 2, 2, 2, 1, 5));
  builder.add_option(served_by(second, 2, 1, 2, 2, 2, 1, 5));
  builder.add_client("c");
  builder.add_option(served_by(second, 0, 1, 0, 0, 1, 0, 6));
  builder.add_local_option(locally(9));
  return builder.build();
}

/// a and b on h0, c locally. Lane of h0: a forward [1,3), b forward [3,6), a backward [6,8), b backward [10,12).
/// a completes at 8 + 3 = 11, b at 12 + 1 = 13 (released at 2, it waited 1 for a), c at 9.
inline Plan queued_plan(const Instance& instance) {
  const ClientIndex a(0);
  const ClientIndex b(1);
  SegmentTable segments;
  segments.append_lane(std::vector<Segment>{
      {a, Task::kForward, 1, 3}, {b, Task::kForward, 3, 6}, {a, Task::kBackward, 6, 8}, {b, Task::kBackward, 10, 12}});
  segments.append_lane({});
  Plan plan{evaluate_schedule(instance, {OptionIndex(0), OptionIndex(1), OptionIndex(4)}, std::move(segments))};
  plan.origin.method = "by-hand";
  set_lower_bound(plan, 10);
  return plan;
}

/// `clients` on `helpers` in turn, each with forward 1 and backward 1, run one after the other.
inline Instance uniform_instance(std::size_t helpers, std::size_t clients) {
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < helpers; ++helper)
    builder.add_helper(helper_named("h" + std::to_string(helper)));
  for (std::size_t client = 0; client < clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    builder.add_option(served_by(HelperIndex(client % helpers), 0, 1, 0, 0, 1, 0));
  }
  return builder.build();
}

inline Plan uniform_plan(const Instance& instance) {
  std::vector<OptionIndex> choice;
  for (const ClientIndex client : instance.clients()) choice.push_back(instance.options(client)[0]);
  SegmentTable segments;
  for (const HelperIndex helper : instance.helpers()) {
    std::vector<Segment> lane;
    for (std::size_t client = helper.value(); client < instance.client_count(); client += instance.helper_count()) {
      const auto end = static_cast<Time>(lane.size());
      lane.push_back({ClientIndex(client), Task::kForward, end, end + 1});
      lane.push_back({ClientIndex(client), Task::kBackward, end + 1, end + 2});
    }
    segments.append_lane(lane);
  }
  return {evaluate_schedule(instance, std::move(choice), std::move(segments))};
}

/// Plans that no method would make: nothing at all, no choices, options of other clients or of none, segments of
/// unknown clients, reversed, overlapping, before 0 and far beyond the horizon, more lanes than helpers.
inline std::vector<Plan> broken_plans() {
  std::vector<Plan> plans(4);
  plans[1].schedule.choice.assign(3, OptionIndex::none());
  plans[2].schedule.choice = {OptionIndex(4), OptionIndex(0), OptionIndex(99)};
  plans[3].schedule.choice = {OptionIndex(0), OptionIndex(1), OptionIndex(3)};
  for (std::size_t index = 1; index < plans.size(); ++index) {
    plans[index].schedule.segments.append_lane(
        std::vector<Segment>{{ClientIndex(7), Task::kForward, 0, 1},
                             {ClientIndex::none(), Task::kForward, 0, 1},
                             {ClientIndex(0), Task::kForward, 5, 2},
                             {ClientIndex(1), Task::kBackward, -3, 2},
                             {ClientIndex(0), Task::kBackward, 0, 6},
                             {ClientIndex(1), Task::kForward, 1, 4},
                             {ClientIndex(2), Task::kForward, 1, kLargestNumber},
                             {ClientIndex(1), Task::kForward, 0, Time{1} << 62}});
  }
  plans[3].schedule.segments.append_lane({});
  plans[3].schedule.segments.append_lane({});
  plans[3].schedule.segments.append_lane({});
  return plans;
}

/// Number of occurrences of `part`.
inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace splitlane::testing
