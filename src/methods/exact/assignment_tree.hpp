#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "methods/exact/no_good_pool.hpp"
#include "methods/exact/packing_relaxation.hpp"
#include "methods/exact/proof_recorder.hpp"
#include "methods/exact/propagation.hpp"
#include "methods/exact/tabu_search.hpp"
#include "methods/exact/window_relaxation.hpp"

namespace splitlane::exact {

/// Branch and bound over the assignment for one makespan (docs/how_it_works.md#branch-and-bound): propagation, window
/// relaxation, exact lanes where the solution is integral, rounding and search, then a branch on one client, a child
/// per helper.
class AssignmentTree {
 public:
  AssignmentTree(const ColumnTable& columns, WindowRelaxation& relaxation, LaneCache& lane_cache, NoGoodPool& no_goods,
                 ProofRecorder& recorder, const StopCondition& stop);

  enum class Outcome {
    kInfeasible,  ///< proven; the recorder has the proof
    kFound,       ///< `choice()` ends by the makespan
    kLimit,       ///< neither, within the limit
  };
  /// `relaxation` and `no_goods` must be set to this makespan. With `packings` (of this makespan too) every node that
  /// the windows leave open is held against the set partitioning relaxation, as long as that can be solved.
  Outcome search(Time makespan, std::uint64_t node_limit, PackingRelaxation* packings = nullptr);

  const Choice& choice() const { return choice_; }

 private:
  struct Child {
    double value;
    std::vector<ColumnIndex> columns;
  };

  Outcome visit(Domain domain, int depth);
  /// Exact lanes of an integral solution: found, not found (no-goods were added), or too hard.
  enum class Verdict { kFits, kRefuted, kUnknown };
  Verdict check_lanes(const Choice& choice);
  /// Holds the node against the packings; nullopt when it stays open, with the packings' values where they were solved.
  std::optional<Outcome> bound_by_packings(const Domain& domain);
  bool search_near(const Choice& rounded, int depth);
  Choice rounded(const Domain& domain, bool& integral) const;
  /// none() where every client has one column left.
  ClientIndex branching_client(const Domain& domain) const;
  std::vector<Child> children(const Domain& domain, ClientIndex client) const;
  void note_classes(const Domain& domain);
  void drop_symmetric(Domain& domain, ClientIndex client);
  Outcome branch(Domain domain, ClientIndex client, int depth);

  const ColumnTable& columns_;
  WindowRelaxation& relaxation_;
  LaneCache& lane_cache_;
  NoGoodPool& no_goods_;
  ProofRecorder& recorder_;
  StopCondition stop_;
  Propagation propagation_;
  TabuSearch tabu_search_;
  Time makespan_ = 0;
  std::uint64_t node_limit_ = 0;
  std::uint64_t nodes_ = 0;
  PackingRelaxation* packings_ = nullptr;
  int packing_failures_ = 0;
  std::vector<double> values_;         ///< of the columns, in the last relaxation that was solved
  HelperClasses classes_;              ///< of the node in hand
  PerHelper<std::size_t> class_size_;  ///< 0 unless it is the first of its class
  Choice choice_;
};

}  // namespace splitlane::exact
