#pragma once

#include "methods/exact/search_state.hpp"

namespace splitlane::exact {

/// Where the plans of an exact search come from. Each of these keeps what is better than the plan in hand.

/// From these columns towards the bound, by halves of what is left, until a few targets in a row were missed.
void search_downwards(SearchState& state, const Choice& start);

/// Rounds fractional solutions of the relaxation at makespans between bound and plan, and repairs them.
void search_from_relaxation(SearchState& state);

/// From the best plan, with the bound as target: then all helpers count as late and load spreads
/// (docs/how_it_works.md#a-million-clients).
void search_long(SearchState& state);

/// Whole sets of clients, for makespans from the bound upwards, by halves of what is left to the best plan.
void dive(SearchState& state, PackingRelaxation& packings);

/// The column of the largest value of each client in the relaxation's last solution.
Choice rounded(const SearchState& state);

}  // namespace splitlane::exact
