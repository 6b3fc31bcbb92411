#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>

#include "methods/exact/assignment_tree.hpp"
#include "methods/exact/column_table.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/no_good_pool.hpp"
#include "methods/exact/packing_relaxation.hpp"
#include "methods/exact/proof_recorder.hpp"
#include "methods/exact/target_search.hpp"
#include "methods/exact/window_relaxation.hpp"
#include "splitlane/certificate/certificate.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// What an exact search may spend and must report.
struct SearchParameters {
  std::uint64_t seed = 0;
  int threads = 1;
  bool preemptive = true;
  bool certificate = false;
  bool whole_proof = true;  ///< MethodParameters::whole_proof
  /// How often proof and search take turns, each time with twice the effort, before the search gives up.
  int rounds = std::numeric_limits<int>::max();
  /// Nodes of a tree in the first round.
  std::uint64_t node_limit = 400;
  /// Nodes of one pricing problem in the first round.
  std::uint64_t pricing_limit = 32'000'000;
  /// Makespans whose fractional solutions are rounded.
  int roundings = 8;
  /// Changes that one local search may make in the first round, per client.
  std::uint64_t changes_per_client = 20;
  /// Packings are for up to this many clients.
  std::size_t most_packed_clients = std::numeric_limits<std::size_t>::max();
  /// A lower bound from here on ends the search: for those who only ask whether a makespan can be met.
  Time bound_enough = std::numeric_limits<Time>::max();
  StopCondition stop;
  std::function<void(std::string_view step, Time makespan, Time lower_bound)> report;
};

/// The joint problem, exactly (docs/how_it_works.md#all-helpers): path bound, window relaxation bound, local search
/// towards it, then for each makespan from the bound upwards a proof that it cannot be met or a plan that meets it.
class ExactSearch {
 public:
  /// `start`: a valid plan; the search looks for better ones. Its bound, with the proof attached to it, counts.
  ExactSearch(const Instance& instance, Plan start, SearchParameters parameters);

  /// Until bound and makespan meet or a limit ends it; under switch costs with preemption also once some set of clients
  /// stayed undecided, as then they may never meet.
  void run();

  const Plan& plan() const { return best_; }
  Time lower_bound() const { return lower_bound_; }
  /// The proof of `lower_bound()`.
  Certificate certificate();

 private:
  void search();
  bool closed() const { return std::min(best_.makespan, parameters_.bound_enough) <= lower_bound_; }
  bool is_in_vain() const;
  void report(std::string_view step) const;
  Time path_bound() const;
  void raise_to_relaxation_bound();
  /// The largest makespan from `proven` on that the prices in hand refute.
  Time farthest_refuted(Time proven);
  void raise(Time lower_bound, std::vector<ProofStep> steps);
  void raise(Time lower_bound, PackingProof proof);
  void search_downwards(const Choice& start);
  bool is_large() const;
  Choice rounded() const;
  std::vector<std::uint8_t> preferred() const;
  void search_from_relaxation();
  void search_long();
  bool reach(TargetSearch& search, Time target, std::uint64_t iterations);
  void climb();
  void make_packings();
  void raise_by_packings();
  void raise_by_packings(std::uint64_t pricing_limit);
  void dive();
  Choice choice_of_best() const;
  Choice completed(Choice choice, Time makespan) const;
  bool adopt(const Choice& choice, Time makespan);
  std::uint64_t iterations() const;

  const Instance& instance_;
  SearchParameters parameters_;
  Plan best_;
  bool starts_well_;  ///< from a plan that came with a bound: no search from nothing finds a better one soon
  Time lower_bound_ = 0;
  std::vector<ProofStep> proof_;
  std::optional<NoGoodPool> proof_no_goods_;  ///< those that `proof_` may name

  Time packings_fit_from_ = std::numeric_limits<Time>::max();  ///< their relaxation, in fractions
  int effort_ = 0;                                             ///< binary logarithm of what a round may spend

  std::unique_ptr<ColumnTable> columns_;
  std::unique_ptr<LaneCache> lane_cache_;
  std::unique_ptr<WindowRelaxation> relaxation_;
  std::unique_ptr<NoGoodPool> no_goods_;
  std::unique_ptr<PackingRelaxation> packings_;
  /// Instead of `proof_`, still to be stated: that can take as long as finding it, and most bounds are raised again.
  std::optional<PackingProof> packing_proof_;
  std::unique_ptr<ProofRecorder> recorder_;
  std::unique_ptr<AssignmentTree> tree_;
};

}  // namespace splitlane::exact
