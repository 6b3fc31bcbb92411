#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::test {

/// An instance of one helper whose client j is `services[j]`.
inline Instance one_helper_instance(std::span<const Service> services, const SwitchRule& rule) {
  InstanceBuilder builder;
  builder.set_switch_model(rule.model);
  HelperSpec helper;
  helper.id = "h0";
  helper.switch_cost = rule.cost;
  builder.add_helper(helper);
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    builder.add_client("c" + std::to_string(index));
    OptionSpec option;
    option.helper = HelperIndex(0);
    option.release = service.release;
    option.forward = service.forward;
    option.client_forward = service.turnaround / 2;
    option.client_backward = service.turnaround - service.turnaround / 2;
    option.backward = service.backward;
    option.tail = service.tail;
    builder.add_option(option);
  }
  return builder.build();
}

/// The plan of `one_helper_instance` that a lane stands for.
inline Plan one_helper_plan(const Instance& instance, std::span<const LaneSegment> lane) {
  std::vector<Segment> segments;
  for (const LaneSegment& segment : lane) {
    segments.push_back({ClientIndex(segment.service), segment.task, segment.start, segment.end});
  }
  SegmentTable table;
  table.append_lane(segments);
  std::vector<OptionIndex> choice;
  for (const OptionIndex option : instance.options()) choice.push_back(option);
  return {evaluate_schedule(instance, std::move(choice), std::move(table))};
}

}  // namespace splitlane::test
