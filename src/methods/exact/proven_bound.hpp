#pragma once

#include <optional>
#include <vector>

#include "methods/exact/no_good_pool.hpp"
#include "methods/exact/packing_relaxation.hpp"
#include "splitlane/certificate/certificate.hpp"

namespace splitlane::exact {

/// The largest lower bound that the search has proven, and its proof.
class ProvenBound {
 public:
  /// What of a proof is wanted.
  struct Wanted {
    bool proof = false;
    bool whole = true;       ///< with the sets that packings need as no-goods
    bool preemptive = true;  ///< what the claim is about
  };
  explicit ProvenBound(const Wanted& wanted) : wanted_(wanted) {}

  Time value() const { return value_; }

  /// Keeps the larger bound; true when that is the new one. `no_goods`: those that `steps` may name, null for none.
  bool raise(Time lower_bound, std::vector<ProofStep> steps, const NoGoodPool* no_goods);
  /// The same with a proof that is still to be stated: that can take as long as finding it, and most bounds are raised
  /// again. `empty` is a pool for the no-goods that it needs.
  bool raise(Time lower_bound, PackingProof proof, const NoGoodPool& empty);

  /// The proof of `value()`, where one is wanted; once `stop` ends its making, that of the largest bound whose proof
  /// needed no more than was found with it. What `raise` was given must still be there.
  Certificate certificate(const StopCondition& stop);

 private:
  /// A bound and the steps of a proof that names no no-good.
  struct Plain {
    Time value = 0;
    std::vector<ProofStep> steps;
  };

  bool is_plain() const { return !unstated_ && (!no_goods_ || no_goods_->entries().empty()); }
  /// Of `value()`. Throws Stopped.
  Certificate stated(const StopCondition& stop);

  Wanted wanted_;
  Time value_ = 0;
  Plain plain_;  ///< below `value_`
  std::vector<ProofStep> steps_;
  std::optional<NoGoodPool> no_goods_;    ///< those that `steps_` may name
  std::optional<PackingProof> unstated_;  ///< instead of `steps_`
};

}  // namespace splitlane::exact
