#include "methods/exact/proven_bound.hpp"

#include <utility>

namespace splitlane::exact {

bool ProvenBound::raise(Time lower_bound, std::vector<ProofStep> steps, const NoGoodPool* no_goods) {
  if (lower_bound <= value_) return false;
  value_ = lower_bound;
  unstated_.reset();
  if (wanted_.proof) {
    steps_ = std::move(steps);
    if (no_goods != nullptr) no_goods_.emplace(*no_goods);
  }
  return true;
}

bool ProvenBound::raise(Time lower_bound, PackingProof proof, const NoGoodPool& empty) {
  if (!raise(lower_bound, {}, wanted_.proof ? &empty : nullptr)) return false;
  if (wanted_.proof) unstated_ = std::move(proof);
  return true;
}

Certificate ProvenBound::certificate() {
  if (unstated_) {
    std::vector<std::vector<ColumnIndex>> refuted;
    steps_ = {unstated_->leaf(wanted_.whole ? &refuted : nullptr)};
    unstated_.reset();
    no_goods_->start(value_ - 1);
    no_goods_->note(std::move(refuted));
  }
  Certificate result;
  result.lower_bound = value_;
  result.preemptive = wanted_.preemptive;
  if (value_ == 0) return result;
  if (no_goods_) result.no_goods = no_goods_->certified();
  result.steps = steps_;
  return result;
}

}  // namespace splitlane::exact
