#include "methods/exact/proven_bound.hpp"

#include <utility>

#include "base/stopped.hpp"

namespace splitlane::exact {

bool ProvenBound::raise(Time lower_bound, std::vector<ProofStep> steps, const NoGoodPool* no_goods) {
  if (lower_bound <= value_) return false;
  if (wanted_.proof) {
    if (is_plain()) plain_ = {value_, std::move(steps_)};
    steps_ = std::move(steps);
    no_goods_.reset();
    if (no_goods != nullptr) no_goods_.emplace(*no_goods);
  }
  unstated_.reset();
  value_ = lower_bound;
  return true;
}

bool ProvenBound::raise(Time lower_bound, PackingProof proof, const NoGoodPool& empty) {
  if (!raise(lower_bound, {}, wanted_.proof ? &empty : nullptr)) return false;
  if (wanted_.proof) unstated_ = std::move(proof);
  return true;
}

Certificate ProvenBound::certificate(const StopCondition& stop) {
  try {
    return stated(stop);
  } catch (const Stopped&) {
    return {plain_.value, wanted_.preemptive, {}, plain_.steps};
  }
}

Certificate ProvenBound::stated(const StopCondition& stop) {
  if (unstated_) {
    RefutedSets refuted{stop, {}};
    std::vector<ProofStep> leaf{unstated_->leaf(wanted_.whole ? &refuted : nullptr)};
    no_goods_->start(value_ - 1);
    no_goods_->note(std::move(refuted));
    steps_ = std::move(leaf);
    unstated_.reset();
  }
  Certificate result{value_, wanted_.preemptive, {}, value_ > 0 ? steps_ : std::vector<ProofStep>{}};
  if (no_goods_ && value_ > 0) result.no_goods = wanted_.whole ? no_goods_->certified(stop) : no_goods_->listed();
  return result;
}

}  // namespace splitlane::exact
