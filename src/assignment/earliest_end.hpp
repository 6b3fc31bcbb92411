#pragma once

#include "assignment/memory.hpp"

namespace splitlane {

/// Clients by decreasing least path pick the option that is estimated to end first: their own path, or the lane's
/// shortest way in, its work and its shortest way out. A client without room stays none().
/// O(options).
Assignment assign_earliest_end(const Instance& instance);

}  // namespace splitlane
