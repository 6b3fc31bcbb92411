#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "methods/exact/lane_cache.hpp"
#include "methods/exact/packing_pricer.hpp"
#include "milp/linear_program.hpp"
#include "splitlane/certificate/proof_step.hpp"

namespace splitlane::exact {

/// Why a makespan is infeasible, as far as pricing goes: what is needed to state it as a step of a proof.
struct PackingProof {
  PerHelper<std::unique_ptr<PackingPricer>> pricers;
  HelperClasses classes;
  std::vector<std::int64_t> values;  ///< by client
  std::vector<std::int64_t> most;    ///< by class

  /// The step, and unless null the sets that it needs as no-goods: for those the enumeration of every class is
  /// repeated. Throws Stopped when their condition ends that.
  ProofStep leaf(RefutedSets* refuted);
};

/// The set partitioning relaxation of one makespan (docs/how_it_works.md#set-partitioning): helpers take whole sets
/// of clients that fit them exactly, fractionally many; least sum of clients that stay uncovered. Solved by column
/// generation, with values per client whose integer form proves infeasibility. Stronger than windows where a helper
/// serves few clients.
class PackingRelaxation {
 public:
  /// `threads`: how many price at the same time; no influence on the results.
  PackingRelaxation(const ColumnTable& columns, bool preemptive, int threads, const StopCondition& stop);

  /// From now on sets must fit by this makespan; of those known the ones that do are kept.
  void set_makespan(Time makespan);
  /// Makes a set of columns of one helper known, if it fits.
  void offer(std::vector<ColumnIndex> set);

  enum class Outcome {
    kInfeasible,  ///< proven in integers; `leaf` states it
    kFits,        ///< the relaxation covers every client
    kLimit,
  };
  Outcome solve(const Domain& domain, std::uint64_t pricing_limit);

  /// After kFits: value of each column; of interchangeable helpers the first stands for all.
  std::span<const double> values() const { return column_values_; }
  struct WeightedSet {
    std::vector<ColumnIndex> set;  ///< of the first helper of its class
    double weight;
  };
  /// After kFits: the sets that the solution uses, and how much.
  std::vector<WeightedSet> weighted_sets() const;
  /// After kFits: whether every set is used whole or not at all.
  bool integral() const { return integral_; }
  /// Then: the column of each client; kNoColumn for those that no set covers, since they have a local option.
  Choice integral_choice() const;

  /// After kInfeasible: the step of the proof, and the sets that it needs as no-goods (PackingProof::leaf).
  ProofStep leaf(RefutedSets* refuted) { return proof_.leaf(refuted); }
  /// After kInfeasible, and then no other question before the next `set_makespan`: the proof, to be stated later. It
  /// must not outlive this object.
  PackingProof take_proof();

  /// As that of the caches in use.
  bool has_given_up() const;

 private:
  struct Used {
    std::vector<ColumnIndex> set;  ///< columns of the first helper of the class
    std::size_t class_index;
  };

  void remember_knapsacks();
  void make_program();
  std::size_t add_new_sets();
  std::vector<ColumnIndex> on_helper(const std::vector<ColumnIndex>& set, HelperIndex helper) const;
  /// What one round of pricing may spend.
  struct PricingEffort {
    std::uint64_t node_limit;
    bool thorough;
  };

  bool price_all(std::span<const double> values, const PricingEffort& effort, std::size_t& added);
  std::vector<std::int64_t> known_values(std::span<const std::int64_t> values) const;
  std::vector<PricingAnswer> answers(std::span<const std::int64_t> values, const PricingEffort& effort);
  void read_solution();

  const ColumnTable& columns_;
  int threads_;
  /// By first twin, so that threads that price different helpers share nothing.
  PerHelper<std::unique_ptr<LaneCache>> lane_caches_;
  Time makespan_ = 0;
  StopCondition stop_;
  PerHelper<PackingPricer::Knapsacks> knapsacks_;  ///< what its last pricer says
  std::uint64_t quick_limit_;
  std::vector<std::vector<ColumnIndex>> pool_;  ///< sets of twins' columns
  std::set<std::vector<ColumnIndex>> known_;

  const Domain* domain_ = nullptr;
  /// Also holds the pricers in use, and the classes, of which the first helper stands for all.
  PackingProof proof_;
  PerClient<std::uint8_t> covered_;  ///< must be covered by a helper
  std::unique_ptr<LinearProgram> program_;
  std::vector<Used> used_;
  std::size_t pool_seen_ = 0;
  bool gave_up_ = false;        ///< some thorough pricing of the round in hand did
  std::vector<double> center_;  ///< values of the best bound so far
  double best_bound_ = 0;
  std::vector<double> column_values_;
  PerHelper<std::vector<ColumnIndex>> integral_lanes_;
  bool integral_ = false;
};

}  // namespace splitlane::exact
