#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// A plan document: the plan, and the instance it says it belongs to.
struct PlanDocument {
  Plan plan;
  std::string sha256;         ///< of the bytes it was read from, lower-case hex; empty unless `read_plan_document` did
  std::string instance_name;  ///< empty = absent
  std::string instance_sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// Parses a plan document against its instance: ids must exist there (kUnknownId), numbers must be in range.
/// Clients missing from the document get choice none() and lanes missing are empty, for check/ to report.
PlanDocument parse_plan(std::string_view bytes, const Instance& instance);

/// What a plan of this instance, or of one that has since lost or gained clients, helpers or options, says about the
/// clients of this one: an option each, by ids. The option in the same place, if it is on the same helper; else the
/// first on that helper; none() for a client that the plan does not know or whose helper (or local option) is gone. Of
/// the document only `format`, `version` and `clients` are looked at.
std::vector<OptionIndex> parse_starting_choice(std::string_view bytes, const Instance& instance);

/// One client and one helper a line, fixed key order. `instance_sha256` is the hash of the instance file.
std::string write_plan(const Instance& instance, const Plan& plan, std::string_view instance_sha256);

}  // namespace splitlane
