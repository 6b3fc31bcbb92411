#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schedule/exact/lane_tree.hpp"
#include "schedule/exact/order_trail.hpp"
#include "schedule/exact/serial_schedule.hpp"
#include "schedule/exact/window_sweep.hpp"

namespace splitlane {

/// Branch and bound without preemption (docs/how_it_works.md#options-switch-costs-no-preemption), after Carlier (EJOR
/// 1982): a node schedules earliest deadline first. A late task ends a block of tasks at least as urgent. If a less
/// urgent task runs up to the block, the two are ordered one way or the other; if the lane is idle before it, the block
/// is too much work for its window unless some forward completes sooner, as with preemption (see CompletionTree).
/// Windows at every node refute, delay backwards, hurry forwards and order pairs of tasks. Splits that a refutation
/// does not need are dropped together with their other side.
class OrderTree final : public LaneTree {
 public:
  Verdict start(std::span<const Service> services, Time makespan, bool record_proof,
                const StopCondition& stop) override;
  Verdict search(std::uint64_t node_limit, const StopCondition& stop) override;
  const Lane& lane() const override { return scheduler_.lane(); }
  Time makespan() const override { return scheduled_makespan_; }
  LaneProof proof() const override { return trail_.proof(); }

 private:
  enum class Step : std::uint8_t { kNothing, kDeduced, kRefuted };

  Step sweep();
  Step use_earliest_completion(TaskIndex task);
  Step use_latest_start(TaskIndex task);
  Step deduce(const OrderSplit& split, const Window& window, TaskIndex own);
  Step refute_by(const Window& window);
  bool propagate();
  std::size_t block_start(std::size_t last) const;
  std::optional<OrderSplit> split_late_block();
  Verdict explore(int depth);

  std::span<const Service> services_;
  Time limit_ = 0;
  OrderTrail trail_;
  std::size_t propagated_ = 0;  // events of the root after `start`
  WindowSweep sweep_;
  WindowSweep mirrored_sweep_;
  std::vector<Time> mirrored_head_;
  std::vector<Time> mirrored_deadline_;
  SerialScheduler scheduler_;
  Time scheduled_makespan_ = 0;
  std::uint64_t nodes_left_ = 0;
  StopCondition stop_;
};

}  // namespace splitlane
