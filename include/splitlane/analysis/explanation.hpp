#pragma once

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"
#include "splitlane/plan/plan.hpp"

namespace splitlane {

/// What binds `plan.lower_bound`, that is why no plan ends sooner, read off the plan's certificate:
/// - a client's own path, where some client has no option with a path bound below it (or only ones that their helper's
///   memory cannot hold: memory);
/// - else the priced rows of the proof's leaves (docs/how_it_works.md#certificates), by their share of the price,
///   that is of sum price * capacity: windows, memory, and no-goods, which are couplings;
/// - packings (docs/how_it_works.md#set-partitioning) are couplings where the proof has no-goods, else whole clients
/// that do not fit together. Of a proof with branches each leaf counts once. Without a certificate only the path is
/// told apart. `plan` must be complete. O(options * rows of the root, or of all leaves).
Binding explain_bound(const Instance& instance, const Plan& plan);

}  // namespace splitlane
