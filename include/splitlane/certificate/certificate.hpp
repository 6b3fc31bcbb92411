#pragma once

#include <vector>

#include "splitlane/certificate/no_good.hpp"
#include "splitlane/certificate/proof_step.hpp"
#include "splitlane/instance/time.hpp"

namespace splitlane {

/// A proof in integers that no plan of an instance has makespan < `lower_bound`; C = lower_bound - 1.
/// lower_bound 0 needs no steps. `splitlane verify` checks it, with no code of the solver that made it.
struct Certificate {
  Time lower_bound = 0;
  /// False: the claim is only about plans that never preempt a task.
  bool preemptive = true;
  std::vector<NoGood> no_goods;
  std::vector<ProofStep> steps;  ///< the tree in preorder
  bool operator==(const Certificate&) const = default;
};

}  // namespace splitlane
