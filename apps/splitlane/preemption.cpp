#include "preemption.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <vector>

std::optional<std::string> preempted_task(const splitlane::Instance& instance, const splitlane::Plan& plan) {
  std::vector<bool> has_run(2 * instance.client_count(), false);
  for (const splitlane::HelperIndex helper : instance.helpers()) {
    const std::span<const splitlane::Segment> lane = plan.segments.lane(helper);
    for (std::size_t position = 0; position < lane.size(); ++position) {
      const splitlane::Segment& segment = lane[position];
      const bool is_forward = segment.task == splitlane::Task::kForward;
      const bool continues = position > 0 && lane[position - 1].client == segment.client &&
                             lane[position - 1].task == segment.task && lane[position - 1].end == segment.start;
      const std::size_t task = 2 * segment.client.value() + (is_forward ? 0 : 1);
      if (has_run[task] && !continues) {
        return fmt::format("{} of client \"{}\", which resumes at {}", is_forward ? "forward" : "backward",
                           instance.client_id(segment.client), segment.start);
      }
      has_run[task] = true;
    }
  }
  return std::nullopt;
}
