#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schedule/exact/lane_tree.hpp"
#include "schedule/exact/late_block.hpp"
#include "schedule/exact/refutation.hpp"
#include "schedule/exact/window_sweep.hpp"

namespace splitlane {

/// Branch and bound on when forward tasks complete, for one makespan with preemption
/// (docs/how_it_works.md#the-exact-scheduler). A node is a set of forward deadlines and backward heads; it is refuted
/// by an overloaded window, or split on "this forward completes by t, or later". What a refuted side did not need is
/// generalised: a split that did not matter is dropped with its other side, and the threshold of one that did is moved
/// to where the refuted side still holds, which tightens the other. Reusable: a search over many sets of services
/// allocates nothing once warm.
class CompletionTree final : public LaneTree {
 public:
  Verdict start(std::span<const Service> services, Time makespan, bool record_proof,
                const StopCondition& stop) override;
  Verdict search(std::uint64_t node_limit, const StopCondition& stop) override;
  const Lane& lane() const override { return scheduler_.lane(); }
  Time makespan() const override { return scheduled_makespan_; }
  LaneProof proof() const override { return proof_tree_.preorder(conflict_.proof); }

 private:
  static constexpr std::size_t kNoSubtree = static_cast<std::size_t>(-1);

  /// A split of which one side is refuted, and the bound of the other.
  struct Tightening {
    std::uint32_t service = 0;
    bool delays_backward = false;  // the side "completes by the threshold" is refuted; else the other one
    Time threshold = 0;
    Time old_bound = 0;
    Window refuted_by;
    std::size_t subtree = kNoSubtree;  // position in subtrees_ of a refutation that takes more than a window
  };

  Time& bound(const Tightening& tightening);
  Time bound_beyond(std::uint32_t service, Time threshold) const;
  void push(Tightening tightening);
  bool delay_backwards();
  bool hurry_forwards();
  bool propagate();
  void refute_by(const Window& window);
  Refutation& refuted_side(const Tightening& tightening);
  void conclude(std::size_t trail_mark);
  Verdict explore(int depth);
  Verdict branch(const LateBlock& block, int depth, std::size_t trail_mark, bool& concluded);

  std::span<const Service> services_;
  Time limit_ = 0;
  LaneTasks root_;
  LaneTasks tasks_;
  LaneTasks propagated_;  // the root after `start`, which left this much trail
  std::size_t propagated_trail_ = 0;
  WindowSweep sweep_;
  WindowSweep mirrored_sweep_;
  std::vector<Time> mirrored_head_;
  std::vector<Time> mirrored_deadline_;
  ListScheduler scheduler_;
  std::vector<Time> priority_;
  Time scheduled_makespan_ = 0;
  LateBlockFinder late_blocks_;

  std::vector<Tightening> trail_;
  std::vector<Refutation> subtrees_;
  std::size_t subtree_count_ = 0;
  Refutation conflict_;
  Refutation side_;
  WindowReason reason_;
  ProofTree proof_tree_;

  std::uint64_t nodes_left_ = 0;
  StopCondition stop_;
};

}  // namespace splitlane
