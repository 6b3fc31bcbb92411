#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// A plan document: the plan, and the instance it says it belongs to.
struct PlanDocument {
  Plan plan;
  std::string instance_name;    ///< empty = absent
  std::string instance_sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// Parses a plan document against its instance: ids must exist there (kUnknownId), numbers must be in range.
/// Clients missing from the document get choice none() and lanes missing are empty, for check/ to report.
PlanDocument parse_plan(std::string_view bytes, const Instance& instance);

/// One client and one helper a line, fixed key order. `instance_sha256` is the hash of the instance file.
std::string write_plan(const Instance& instance, const Plan& plan, std::string_view instance_sha256);

}  // namespace splitlane
