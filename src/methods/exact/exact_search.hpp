#pragma once

#include <memory>

#include "methods/exact/search_state.hpp"

namespace splitlane::exact {

/// What an exact search leaves.
struct ExactResult {
  Schedule schedule;
  Time lower_bound = 0;
  /// Where the parameters want one: the proof of `lower_bound`, or of less where `proof_stop` ended its making.
  std::shared_ptr<const Certificate> certificate;
};

/// The joint problem, exactly (docs/how_it_works.md#all-helpers): path bound, window relaxation bound, local search
/// towards it, then for each makespan from the bound upwards a proof that it cannot be met or a plan that meets it.
///
/// `start`: a valid plan; the search looks for better ones. Its bound, with the proof attached to it, counts. The
/// search ends when bound and makespan meet or a limit ends it; under switch costs with preemption also once some set
/// of clients stayed undecided, as then they may never meet.
ExactResult search_exactly(const Instance& instance, Plan start, const SearchParameters& parameters);

}  // namespace splitlane::exact
