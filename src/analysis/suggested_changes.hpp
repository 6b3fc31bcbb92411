#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// A change to try, and its name.
struct Suggestion {
  std::string text;
  std::vector<Change> changes;
};

/// The changes of `what_if`, memory left out.
std::vector<Suggestion> suggested_changes(const Instance& instance, const Plan& base, std::int64_t faster_percent);

/// Helpers by how much they matter: those that `base.binding` names, then by work in `base`.
std::vector<HelperIndex> helpers_by_weight(const Instance& instance, const Plan& base);

}  // namespace splitlane
