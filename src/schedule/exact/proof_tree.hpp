#pragma once

#include <cstdint>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"
#include "splitlane/certificate/lane_proof.hpp"

namespace splitlane {

/// The proof that a search grows from its leaves to its root; subtrees that turn out to be unnecessary are left behind.
class ProofTree {
 public:
  using Node = std::uint32_t;

  /// A tree that is not recorded costs nothing; its nodes mean nothing.
  void reset(bool recorded);
  Node add_window(const Window& window);
  Node add_split(LaneProofStep::Kind kind, Time first, Time second, Node left, Node right);
  /// The subtree below `root` in preorder.
  LaneProof preorder(Node root) const;

 private:
  struct Step {
    LaneProofStep::Kind kind;
    Time first;
    Time second;
    Node left;
    Node right;
  };

  bool recorded_ = false;
  std::vector<Step> steps_;
};

}  // namespace splitlane
