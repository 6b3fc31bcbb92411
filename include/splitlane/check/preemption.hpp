#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The parameter that a plan has, with the value false, when it was made without preemption.
inline constexpr std::string_view kPreemptiveParameter = "preemptive";

/// False for a plan that was made without preemption. Rounds and changes of such a plan are made without it too.
bool allows_preemption(const Plan& plan);

/// Some task of a valid plan that does not run in one piece, in words; nullopt when every task does. Segments of a task
/// that follow each other without a gap are one piece.
std::optional<std::string> preempted_task(const Instance& instance, const Plan& plan);

}  // namespace splitlane
