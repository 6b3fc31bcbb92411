#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// How `what_if` plans and what it tries.
struct WhatIfParameters {
  /// Plans an instance, as a method does. Raises kInfeasible or kNoneFound when it finds no plan.
  std::function<Plan(const Instance&)> plan;
  std::int64_t faster_percent = 25;                   ///< for every "faster", 1 to 100
  const std::atomic<bool>* cancelled = nullptr;       ///< raised by the caller to get the rows so far
  std::function<void(std::string_view text)> on_row;  ///< before a change is planned
};

/// The changed instance, re-planned. Since every change only makes things easier (`Change`), the makespan is never
/// above that of `base`, a plan of `instance`; where planning was cut short and found nothing as good, `base` counts.
WhatIfRow plan_changed(const Instance& instance, const Plan& base, std::vector<Change> changes,
                       const WhatIfParameters& parameters);

/// What would help first: plans with one change each, the shortest makespan first, in the order tried where equal.
/// Tried are, for what `base.binding` names (without one, the last clients and the busiest helpers of `base`):
/// - up to three clients: faster, with a helper of their own, gone; all of these together faster;
/// - one more helper of up to four types (equal memory, switch cost and work of all clients), binding ones first;
/// - up to three helpers faster; all helpers faster;
/// - memory: no limit anywhere; where that helps, up to three helpers without a limit, and for each that helps the
///   least increase that does (to a multiple of the greatest common divisor of the demands, by bisection).
/// Cost: that of some 15 plans; per helper short of memory, log2(demands / their divisor) more.
WhatIf what_if(const Instance& instance, Plan base, const WhatIfParameters& parameters);

}  // namespace splitlane
