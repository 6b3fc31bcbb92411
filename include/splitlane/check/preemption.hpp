#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// The parameter of a plan that says, with the value false, that no other plans than those without preemption count.
inline constexpr std::string_view kPreemptiveParameter = "preemptive";

/// False for a plan that says so; without preemption is then how it was to be made, and how what follows from it is.
bool allows_preemption(const Plan& plan);

/// Some task of a valid plan that does not run in one piece, in words; nullopt when every task does. Segments of a task
/// that follow each other without a gap are one piece.
std::optional<std::string> preempted_task(const Instance& instance, const Plan& plan);

}  // namespace splitlane
