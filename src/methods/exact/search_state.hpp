#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/incumbent.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/no_good_pool.hpp"
#include "methods/exact/packing_relaxation.hpp"
#include "methods/exact/proven_bound.hpp"
#include "methods/exact/search_effort.hpp"
#include "methods/exact/window_relaxation.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// What an exact search may spend and must report.
struct SearchParameters {
  std::uint64_t seed = 0;
  int threads = 1;
  bool preemptive = true;
  bool certificate = false;
  bool whole_proof = true;  ///< MethodParameters::whole_proof
  SearchEffort effort;
  /// A lower bound from here on ends the search: for those who only ask whether a makespan can be met.
  Time bound_enough = std::numeric_limits<Time>::max();
  StopCondition stop;        ///< of the search
  StopCondition proof_stop;  ///< of stating its proof in the end
  std::function<void(std::string_view step, Time makespan, Time lower_bound)> report;
};

/// The two ends that a search brings together.
struct SearchEnds {
  const SearchParameters& parameters;
  Incumbent plan;
  ProvenBound bound;

  bool closed() const { return std::min(plan.makespan(), parameters.bound_enough) <= bound.value(); }
  void report(std::string_view step) const {
    if (parameters.report) parameters.report(step, plan.makespan(), bound.value());
  }
  /// Of two plans or bounds the better one counts.
  void raise(Time lower_bound, std::vector<ProofStep> steps, const NoGoodPool* no_goods = nullptr) {
    if (bound.raise(lower_bound, std::move(steps), no_goods)) report("bound");
  }
};

/// What the parts of a search share: both ends, and the problem as columns with what is known of it.
struct SearchState {
  SearchEnds& ends;
  const SearchParameters& parameters;
  ColumnTable columns;
  LaneCache lane_cache;
  WindowRelaxation relaxation;
  NoGoodPool no_goods;
  EffortPolicy effort;
  std::optional<PackingRelaxation> packings;  ///< once they are worth their time

  /// Raises Stopped: tables of all columns are made.
  SearchState(const Instance& instance, SearchEnds& both)
      : ends(both),
        parameters(both.parameters),
        columns(instance, both.plan.makespan(), parameters.stop),
        lane_cache(columns, parameters.preemptive, parameters.stop),
        relaxation(columns, parameters.stop),
        no_goods(columns, lane_cache),
        effort(parameters.effort, columns) {}
  SearchState(const SearchState&) = delete;
  SearchState& operator=(const SearchState&) = delete;

  /// Whether there is nothing left to do, or no time to do it.
  bool ended() const { return ends.closed() || parameters.stop.reached(); }
  Time lower_bound() const { return ends.bound.value(); }
  Time makespan() const { return ends.plan.makespan(); }
  Choice best_choice() const { return ends.plan.choice(columns); }

  void raise(Time lower_bound, std::vector<ProofStep> steps) { ends.raise(lower_bound, std::move(steps), &no_goods); }
  void raise(Time lower_bound, PackingProof proof) {
    if (ends.bound.raise(lower_bound, std::move(proof), NoGoodPool(columns, lane_cache))) ends.report("bound");
  }
  bool adopt(const Choice& choice, Time makespan) { return ends.plan.adopt(columns, lane_cache, choice, makespan); }
};

}  // namespace splitlane::exact
