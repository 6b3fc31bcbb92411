#include "methods/exact/exact_search.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/stopped.hpp"
#include "bound/price_bound.hpp"
#include "methods/exact/bound_climb.hpp"
#include "methods/exact/plan_search.hpp"
#include "methods/exact/relaxation_bound.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane::exact {

namespace {

Time bound_by_paths(const Instance& instance) {
  Time bound = 0;
  for (const ClientIndex client : instance.clients()) {
    Time shortest = std::numeric_limits<Time>::max();
    for (const OptionIndex option : instance.options(client)) {
      const bool local = instance.is_local(option);
      if (!local &&
          instance.memory_demand(option) > instance.memory_capacity(instance.helper(option)).value_or(kLargestNumber)) {
        continue;
      }
      shortest = std::min(shortest, option_path_bound(instance, option));
    }
    bound = std::max(bound, shortest);
  }
  return bound;
}

// The enumeration of lanes that pay for their switches has a limit that no effort raises.
bool is_in_vain(const SearchState& state) {
  return state.lane_cache.has_given_up() || (state.packings && state.packings->has_given_up());
}

// `starts_well`: from a plan that came with a bound, so that no search from nothing finds a better one soon.
void search(SearchState& state, bool starts_well) {
  EffortPolicy& policy = state.effort;
  const Choice first = starts_well ? state.best_choice() : Choice(state.columns.client_count(), kNoColumn);
  if (policy.is_large() && policy.has_many_options()) search_downwards(state, first);
  raise_to_relaxation_bound(state);
  // Of equal helpers the relaxation does not tell who serves whom.
  search_downwards(state, starts_well                         ? state.best_choice()
                          : state.columns.has_equal_helpers() ? first
                                                              : rounded(state));
  if (!policy.is_large()) search_from_relaxation(state);
  // Search and proof take turns, each time with twice the effort.
  BoundClimb bounder(state);
  for (int round = 0; !state.ended() && round < policy.rounds() && !is_in_vain(state); ++round) {
    policy.start_round(round);
    if (policy.is_large() && (round > 0 || policy.has_many_options())) search_long(state);
    if (state.packings) bounder.raise_by_packings();
    bounder.climb();
    if (!state.ends.closed() && !policy.is_large() && round + 1 < policy.rounds()) search_long(state);
  }
}

}  // namespace

ExactResult search_exactly(const Instance& instance, Plan start, const SearchParameters& parameters) {
  const Time start_bound = start.proof.lower_bound;
  const std::shared_ptr<const Certificate> start_proof = start.proof.certificate;
  SearchEnds ends{parameters, Incumbent(instance, std::move(start.schedule)),
                  ProvenBound({parameters.certificate, parameters.whole_proof, parameters.preemptive})};
  ends.raise(bound_by_paths(instance), {ProofStep{}});
  ends.raise(start_bound, start_proof ? start_proof->steps : std::vector<ProofStep>{});
  std::optional<SearchState> state;  // as long as the proof, which names what it knows
  try {
    if (!ends.closed()) search(state.emplace(instance, ends), start_bound > 0);
  } catch (const Stopped&) {
    // The best plan and bound by then stand.
  }
  ExactResult result{ends.plan.schedule(), ends.bound.value(), nullptr};
  if (parameters.certificate) {
    result.certificate = std::make_shared<const Certificate>(ends.bound.certificate(parameters.proof_stop));
  }
  return result;
}

}  // namespace splitlane::exact
