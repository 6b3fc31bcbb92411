#pragma once

#include "base/random.hpp"
#include "splitlane/profile/link.hpp"

namespace splitlane {

/// The link itself, or one drawn from the distribution: first the share, then the speed within its range.
Link draw_link(const LinkProfile& profile, RandomEngine& random);

}  // namespace splitlane
