#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// A what-if document, and the instance it says it belongs to. The document does not hold the plan of the instance as
/// it is: `what_if.base` has its method, seed, status, makespan, lower bound and binding, and neither options nor
/// segments.
struct WhatIfDocument {
  WhatIf what_if;
  std::string instance_name;    ///< empty = absent
  std::string instance_sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// Parses a what-if document against its instance (docs/json.md#what-if). Ids must exist there (kUnknownId); a change
/// says what its kind needs (kMissingKey) and nothing else (kInconsistent); every `difference` must be that of the
/// makespans, and none above 0 (kInconsistent). O(document).
WhatIfDocument parse_what_if(std::string_view bytes, const Instance& instance);

/// The rows of `splitlane whatif` as a document, one a line, fixed key order. `instance_sha256` is the hash of the
/// instance file.
std::string write_what_if(const Instance& instance, const WhatIf& what_if, std::string_view instance_sha256);

}  // namespace splitlane
