#include "schedule/exact/proof_tree.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane {

void ProofTree::reset(bool recorded) {
  recorded_ = recorded;
  steps_.clear();
}

ProofTree::Node ProofTree::add_window(const Window& window) {
  return add_split(LaneProofStep::Kind::kWindow, window.first, window.second, 0, 0);
}

ProofTree::Node ProofTree::add_split(LaneProofStep::Kind kind, Time first, Time second, Node left, Node right) {
  if (!recorded_) return 0;
  SPLITLANE_ASSERT(kind == LaneProofStep::Kind::kWindow || std::max(left, right) < steps_.size(), left, right,
                   steps_.size());
  steps_.push_back({kind, first, second, left, right});
  return static_cast<Node>(steps_.size() - 1);
}

LaneProof ProofTree::preorder(Node root) const {
  LaneProof proof;
  if (!recorded_) return proof;
  std::vector<Node> open = {root};
  while (!open.empty()) {
    const Step& step = steps_[open.back()];
    open.pop_back();
    LaneProofStep& written = proof.emplace_back();
    written.kind = step.kind;
    written.first = step.first;
    written.second = step.second;
    if (step.kind == LaneProofStep::Kind::kWindow) continue;
    open.push_back(step.right);
    open.push_back(step.left);
  }
  return proof;
}

}  // namespace splitlane
