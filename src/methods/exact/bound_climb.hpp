#pragma once

#include <limits>

#include "methods/exact/assignment_tree.hpp"
#include "methods/exact/proof_recorder.hpp"
#include "methods/exact/search_state.hpp"

namespace splitlane::exact {

/// The climb of the bound: for one makespan after the other a proof that no plan ends by it, or a plan that does.
class BoundClimb {
 public:
  /// `state` must outlive the climb.
  explicit BoundClimb(SearchState& state);

  /// A round: windows alone first, for as long as a short tree is enough; then, where helpers serve few clients,
  /// packings too.
  void climb();
  /// Bisects for the least makespan that the packings, which there must be, cannot refute; then dives for plans.
  void raise_by_packings();

 private:
  void raise_by_packings(std::uint64_t pricing_limit);
  void make_packings();

  SearchState& state_;
  ProofRecorder recorder_;
  AssignmentTree tree_;
  Time packings_fit_from_ = std::numeric_limits<Time>::max();  ///< their relaxation, in fractions
};

}  // namespace splitlane::exact
