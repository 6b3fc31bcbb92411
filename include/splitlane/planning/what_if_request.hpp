#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/plan/what_if.hpp"
#include "splitlane/planning/plan_request.hpp"

namespace splitlane {

/// What changes of an instance are asked about, and how it is planned.
struct WhatIfRequest {
  std::string method;                  ///< empty: the first of `methods()`
  RunSettings run{.time_limit_s = 2};  ///< of every plan
  bool non_preemptive = false;
  std::optional<Plan> given;    ///< from `plan_for_what_if`
  std::vector<Change> changes;  ///< all at once; without any, `what_if` tries what may help
  std::int64_t faster_percent = 25;
};

/// What arguments of `what_if_options` ask for, without plan and changes. Raises kUsage.
WhatIfRequest read_what_if_request(const Arguments& arguments);

/// Whether the arguments name changes.
bool has_changes(const Arguments& arguments);
/// The changes that they name, ID=NUMBER or ID each, in the order of the table. Raises kUsage for an id that the
/// instance does not have and for numbers that are none.
std::vector<Change> read_changes(const Arguments& arguments, const Instance& instance);

/// Plans the instance as it is, with what binds it, and with changes. A plan that is given is the base where it is
/// proven optimal or shorter than the one made here: otherwise changes would be credited with what planning alone
/// gives. Progress tells the change as its step. Cancelled, it returns the rows so far. Raises what `make_plan` and
/// `changed_instance` raise.
WhatIf ask_what_if(const Instance& instance, const WhatIfRequest& request, const Watch& watch);

}  // namespace splitlane
