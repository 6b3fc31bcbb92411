#pragma once

#include "methods/exact/search_state.hpp"

namespace splitlane::exact {

/// Raises the bound as far as the relaxation by windows refutes makespans without a branch.
void raise_to_relaxation_bound(SearchState& state);

}  // namespace splitlane::exact
