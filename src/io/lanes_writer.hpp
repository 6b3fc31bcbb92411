#pragma once

#include "io/json_writer.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane::json {

template <class AnySegment>
void write_segment(DocumentWriter& writer, const Instance& instance, const AnySegment& segment) {
  writer.begin_object();
  writer.string_field("client", instance.client_id(segment.client));
  if constexpr (requires { segment.batch; }) writer.integer_field("batch", segment.batch);
  writer.string_field("task", task_name(segment.task));
  writer.integer_field("start", segment.start);
  writer.integer_field("end", segment.end);
  writer.end_object();
}

/// The key `helpers` of a plan and of a trace: the segments of each, which `lane_of(helper)` has. A segment without
/// `batch` names none.
template <class LaneOf>
void write_lanes(DocumentWriter& writer, const Instance& instance, const LaneOf& lane_of) {
  writer.key_line("helpers");
  writer.begin_array();
  SizeForecast forecast(writer, instance.helper_count());
  for (const HelperIndex helper : instance.helpers()) {
    writer.begin_object_line();
    writer.string_field("id", instance.helper_id(helper));
    writer.key("segments");
    writer.begin_array();
    for (const auto& segment : lane_of(helper)) write_segment(writer, instance, segment);
    writer.end_array();
    writer.end_object();
    forecast.line_written();
  }
  writer.end_array_line();
}

}  // namespace splitlane::json
