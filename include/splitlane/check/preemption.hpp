#pragma once

#include <optional>
#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// Some task of a valid plan that does not run in one piece, in words; nullopt when every task does. Segments of a task
/// that follow each other without a gap are one piece.
std::optional<std::string> preempted_task(const Instance& instance, const SegmentTable& segments);

}  // namespace splitlane
