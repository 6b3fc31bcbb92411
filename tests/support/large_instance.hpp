#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/service.hpp"
#include "support/random.hpp"

namespace splitlane::test {

/// An instance by its sizes, with durations drawn from 0 or 1 to `longest`.
struct LargeShape {
  std::size_t clients = 0;
  std::size_t helpers = 0;
  std::size_t reach = 0;  ///< helpers that serve a client, from number client % helpers on
  std::size_t cuts = 1;   ///< options of a client on each of them
  Time longest = 500;     ///< forward and backward
  Time switch_cost = 0;
};

inline Instance instance_of(const LargeShape& shape) {
  Random random(shape.clients);
  InstanceBuilder builder;
  for (std::size_t helper = 0; helper < shape.helpers; ++helper) {
    const std::string id = "h" + std::to_string(helper);
    HelperSpec spec;
    spec.id = id;
    spec.switch_cost = shape.switch_cost;
    builder.add_helper(spec);
  }
  for (std::size_t client = 0; client < shape.clients; ++client) {
    builder.add_client("c" + std::to_string(client));
    for (std::size_t edge = 0; edge < shape.reach; ++edge) {
      for (std::size_t cut = 0; cut < shape.cuts; ++cut) {
        OptionSpec spec;
        spec.helper = HelperIndex((client + edge) % shape.helpers);
        spec.release = random.between(0, shape.longest);
        spec.forward = random.between(1, shape.longest);
        spec.client_forward = random.between(0, shape.longest);
        spec.backward = random.between(1, shape.longest);
        spec.tail = random.between(0, shape.longest);
        builder.add_option(spec);
      }
    }
  }
  return builder.build();
}

/// A plan in no time: everybody on the first option, on each helper all forwards and then all backwards.
inline Plan first_options_plan(const Instance& instance) {
  std::vector<OptionIndex> choice;
  std::vector<std::vector<OptionIndex>> served(instance.helper_count());
  std::vector<ClientIndex> client_of(instance.option_count());
  for (const ClientIndex client : instance.clients()) {
    choice.push_back(instance.options(client)[0]);
    client_of[choice.back().value()] = client;
    served[instance.helper(choice.back()).value()].push_back(choice.back());
  }
  SegmentTable table;
  for (const HelperIndex helper : instance.helpers()) {
    const SwitchRule rule = switch_rule_of(instance, helper);
    std::vector<Segment> lane;
    std::vector<Time> ready;
    Time now = 0;
    for (const OptionIndex option : served[helper.value()]) {
      const Time start = std::max(now + rule.lane_gap(), instance.release(option));
      now = start + instance.forward(option);
      lane.push_back({client_of[option.value()], Task::kForward, start, now});
      ready.push_back(now + rule.run_delay() + instance.client_forward(option) + instance.client_backward(option));
    }
    for (std::size_t place = 0; place < ready.size(); ++place) {
      const OptionIndex option = served[helper.value()][place];
      const Time start = std::max(now + rule.lane_gap(), ready[place]);
      now = start + instance.backward(option);
      lane.push_back({client_of[option.value()], Task::kBackward, start, now});
    }
    table.append_lane(lane);
  }
  return {evaluate_schedule(instance, choice, table)};
}

}  // namespace splitlane::test
