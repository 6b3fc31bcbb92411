#include "methods/exact/relaxation_bound.hpp"

#include <utility>

namespace splitlane::exact {

namespace {

/// The largest makespan from `proven` on that the prices in hand refute.
Time farthest_refuted(SearchState& state, Time proven) {
  const auto refutes = [&state](Time makespan) {
    state.relaxation.set_makespan(makespan);
    return state.relaxation.price_leaf(Domain(state.columns, makespan)).has_value();
  };
  Time refuted = proven;
  Time step = 1;
  while (refuted + step < state.makespan() && !state.parameters.stop.reached() && refutes(refuted + step)) {
    refuted += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    if (refuted + step < state.makespan() && refutes(refuted + step)) refuted += step;
  }
  return refuted;
}

}  // namespace

void raise_to_relaxation_bound(SearchState& state) {
  const EffortPolicy& policy = state.effort;
  WindowRelaxation& relaxation = state.relaxation;
  // Where the relaxation is large, few windows lift a low bound fast; more of them are worth their time only near its
  // end, and where options are many, since their prices then tell which to try.
  bool thorough = !policy.is_large();
  int small_steps = 0;
  while (!state.ends.closed()) {
    const Time makespan = state.lower_bound();
    relaxation.set_makespan(makespan);
    const Domain domain(state.columns, makespan);
    if (relaxation.solve(domain, policy.relaxation(thorough)) != WindowRelaxation::Outcome::kExceeds) return;
    if (!relaxation.price_leaf(domain)) return;
    const Time refuted = farthest_refuted(state, makespan);
    relaxation.set_makespan(refuted);
    ProofStep leaf;
    leaf.rows = relaxation.price_leaf(Domain(state.columns, refuted)).value();
    state.raise(refuted + 1, {std::move(leaf)});
    const bool small_step = policy.is_small_step(refuted + 1 - makespan, state.makespan() - makespan);
    small_steps = small_step ? small_steps + 1 : 0;
    // A better plan then closes more of the gap than further windows.
    if (policy.is_large() && small_step && (thorough || !policy.has_many_options())) return;
    if (small_steps == policy.most_small_steps()) return;
    thorough = thorough || small_step;
  }
}

}  // namespace splitlane::exact
