#pragma once

#include "check/verify/root.hpp"
#include "check/verify/scene.hpp"
#include "splitlane/certificate/no_good.hpp"

namespace splitlane::verify_detail {

/// Whether its proof speaks of the services as they are, not of plain ones.
bool is_exhaustive(const NoGood& no_good);

/// Refuses a no-good that names its options wrongly (rule N1) or whose proof fails (rule N2).
void check_no_good(const NoGood& no_good, const RootOptions& root, Scene& scene);

}  // namespace splitlane::verify_detail
