#include "methods/exact/bound_climb.hpp"

#include <algorithm>
#include <vector>

#include "methods/exact/plan_search.hpp"

namespace splitlane::exact {

BoundClimb::BoundClimb(SearchState& state)
    : state_(state),
      recorder_(state.columns, state.parameters.certificate, state.parameters.whole_proof),
      tree_(state.columns, state.relaxation, state.lane_cache, state.no_goods, recorder_, state.parameters.stop) {}

void BoundClimb::climb() {
  const EffortPolicy& policy = state_.effort;
  const bool may_pack = policy.may_pack();
  for (std::uint64_t raises = 0; !state_.ends.closed() && raises < policy.raises(); ++raises) {
    const Time makespan = state_.lower_bound();
    state_.relaxation.set_makespan(makespan);
    state_.no_goods.start(makespan);
    if (state_.packings) state_.packings->set_makespan(makespan);
    state_.ends.report("proof");
    const std::uint64_t nodes = may_pack && !state_.packings ? policy.nodes_before_packings() : policy.nodes();
    switch (tree_.search(makespan, nodes, state_.packings ? &*state_.packings : nullptr)) {
      case AssignmentTree::Outcome::kLimit:
        if (state_.packings || !may_pack || state_.parameters.stop.reached()) return;
        make_packings();
        raise_by_packings();
        break;
      case AssignmentTree::Outcome::kFound: state_.adopt(tree_.choice(), makespan); return;
      case AssignmentTree::Outcome::kInfeasible: state_.raise(makespan + 1, recorder_.take()); break;
    }
  }
  if (!state_.ends.closed() && !state_.packings && may_pack) {
    make_packings();
    raise_by_packings();
  }
}

// Packings that know the plan in hand and every client alone.
void BoundClimb::make_packings() {
  const ColumnTable& columns = state_.columns;
  const SearchParameters& parameters = state_.parameters;
  state_.packings.emplace(columns, parameters.preemptive, parameters.threads, parameters.stop);
  state_.packings->set_makespan(state_.makespan() - 1);
  PerHelper<std::vector<ColumnIndex>> lanes(columns.helper_count());
  for (ColumnIndex column = 0; column < columns.size(); ++column) {
    const Column& entry = columns[column];
    if (entry.is_local()) continue;
    state_.packings->offer({column});
    if (entry.option == state_.ends.plan.schedule().choice[entry.client.value()]) {
      lanes[entry.helper].push_back(column);
    }
  }
  for (std::vector<ColumnIndex>& lane : lanes) {
    for (; !lane.empty(); lane.pop_back()) state_.packings->offer(lane);
  }
}

void BoundClimb::raise_by_packings() {
  if (state_.effort.first_pricing() > 0) raise_by_packings(state_.effort.first_pricing());
  raise_by_packings(state_.effort.pricing());
  dive(state_, *state_.packings);
}

void BoundClimb::raise_by_packings(std::uint64_t pricing_limit) {
  PackingRelaxation& packings = *state_.packings;
  Time open = std::min(packings_fit_from_, state_.parameters.bound_enough);  // or nothing is known from here on
  while (state_.lower_bound() < std::min(open, state_.makespan()) && !state_.parameters.stop.reached()) {
    const Time makespan = state_.lower_bound() + (std::min(open, state_.makespan()) - state_.lower_bound()) / 2;
    packings.set_makespan(makespan);
    const Domain domain(state_.columns, makespan);
    state_.ends.report("packings");
    switch (packings.solve(domain, pricing_limit)) {
      case PackingRelaxation::Outcome::kLimit: open = makespan; break;
      case PackingRelaxation::Outcome::kInfeasible: state_.raise(makespan + 1, packings.take_proof()); break;
      case PackingRelaxation::Outcome::kFits:
        open = packings_fit_from_ = makespan;
        if (packings.integral()) {
          state_.adopt(completed(state_.columns, packings.integral_choice(), makespan), makespan);
        }
        break;
    }
  }
}

}  // namespace splitlane::exact
