#include "splitlane/check/preemption.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <vector>

namespace splitlane {

std::optional<std::string> preempted_task(const Instance& instance, const SegmentTable& segments) {
  std::vector<bool> has_run(2 * instance.client_count(), false);
  for (const HelperIndex helper : instance.helpers()) {
    const std::span<const Segment> lane = segments.lane(helper);
    for (std::size_t position = 0; position < lane.size(); ++position) {
      const Segment& segment = lane[position];
      const bool continues = position > 0 && lane[position - 1].client == segment.client &&
                             lane[position - 1].task == segment.task && lane[position - 1].end == segment.start;
      const std::size_t task = 2 * segment.client.value() + (segment.task == Task::kForward ? 0 : 1);
      if (has_run[task] && !continues) {
        return fmt::format("{} of client \"{}\", which resumes at {}", task_name(segment.task),
                           instance.client_id(segment.client), segment.start);
      }
      has_run[task] = true;
    }
  }
  return std::nullopt;
}

}  // namespace splitlane
