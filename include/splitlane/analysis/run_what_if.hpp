#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "splitlane/instance/change.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// Seconds that each plan of `run_what_if` may take, unless the caller says otherwise.
inline constexpr double kWhatIfSeconds = 2.0;
inline constexpr std::int64_t kWhatIfFasterPercent = 25;

/// What changes of an instance are asked about, and how it is planned.
struct WhatIfRequest {
  const Method* method = nullptr;
  MethodParameters parameters;  ///< of every plan; progress tells the change as its step
  std::optional<Plan> given;    ///< a valid plan of the instance, made with the same `preemptive`
  std::vector<Change> changes;  ///< all at once; without any, `what_if` tries what may help
  std::int64_t faster_percent = kWhatIfFasterPercent;
};

/// Plans the instance as it is, with what binds it, and with changes. A plan that is given is the base where it is
/// proven optimal or shorter than the one made here: otherwise changes would be credited with what planning alone
/// gives. Cancelled, it returns the rows so far. Raises what `run_method` and `changed_instance` raise.
WhatIf run_what_if(const Instance& instance, const WhatIfRequest& request);

}  // namespace splitlane
