#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"
#include "schedule/exact/proof_tree.hpp"
#include "schedule/exact/serial_schedule.hpp"

namespace splitlane {

/// A split of a proof without preemption (see LaneProofStep), and which of its sides is taken.
struct OrderSplit {
  LaneProofStep::Kind kind = LaneProofStep::Kind::kOrder;
  /// kCompletion: the service and the threshold of its forward. kOrder: the two tasks.
  Time first = 0;
  Time second = 0;
  bool takes_left = true;
};

/// Bounds of all tasks under decided orders and completions, with the reason of each change, so that a refutation can
/// be carried back over the decisions and tell which of them it needs.
///
/// A change of a bound is an event, caused by the event that last changed the bound it follows from, and by the split
/// whose order or completion was used. A conflict is a set of events; `carry_back` replaces each by its causes.
class OrderTrail {
 public:
  void reset(std::span<const Service> services, Time makespan, bool record_proof);

  const LaneTasks& tasks() const { return tasks_; }
  std::span<const TaskOrder> orders() const { return orders_; }
  std::size_t size() const { return events_.size(); }

  /// Takes a side of a split whose other side is to be explored later (see `is_needed`).
  void decide(const OrderSplit& split) { push_split(split, {}, kNone); }
  /// Takes the side that is left when the other is refuted: `window` contains task `own` there.
  void deduce(const OrderSplit& split, const Window& window, TaskIndex own) { push_split(split, window, own); }
  /// Takes the side that is left when the other, decided last, has ended in the present conflict.
  void deduce_from_conflict(const OrderSplit& split);

  /// Orders, completions and the coupling within each client, to a fixpoint. An overloaded window ends it.
  std::optional<Window> close();

  /// Makes an overloaded window the conflict.
  void refute_by(const Window& window);
  /// Undoes everything from `mark` on; the conflict then speaks of what was before.
  void carry_back(std::size_t mark);
  /// Whether the conflict needs the decision that is the latest event. Forgets that decision.
  bool take_back_decision();
  /// Undoes everything from `mark` on without a conflict.
  void undo(std::size_t mark);

  LaneProof proof() const { return proof_tree_.preorder(conflict_proof_); }

 private:
  using EventIndex = std::int32_t;
  static constexpr EventIndex kRoot = -1;
  static constexpr TaskIndex kNone = static_cast<TaskIndex>(-1);

  struct Event {
    enum class Kind : std::uint8_t { kHead, kDeadline, kSplit } kind = Kind::kSplit;
    TaskIndex task = 0;  // of a bound
    Time old_value = 0;
    EventIndex old_event = kRoot;
    EventIndex bound_cause = kRoot;
    EventIndex split_cause = kRoot;
    std::uint32_t split = 0;  // position in splits_
  };
  struct Split {
    OrderSplit step;
    Window window;  // of the refuted side, with task `own` in it
    TaskIndex own = kNone;
    bool has_subtree = false;  // the refuted side is a subtree, which needs these events:
    std::vector<EventIndex> needed;
    ProofTree::Node proof = 0;
  };

  Split& push_split(const OrderSplit& split, const Window& window, TaskIndex own);
  void apply(const OrderSplit& split, EventIndex event);
  bool raise_head(TaskIndex task, Time value, EventIndex bound_cause, EventIndex split_cause);
  bool sink_deadline(TaskIndex task, Time value, EventIndex bound_cause, EventIndex split_cause);
  bool is_too_tight(TaskIndex task) const;
  void pop();
  void need(EventIndex event);
  void need_head(TaskIndex task, Time value);
  void need_deadline(TaskIndex task, Time value);
  void explain(const Window& window, TaskIndex own);
  ProofTree::Node explain_refuted_side(const Split& split);
  void clear_conflict();

  std::span<const Service> services_;
  LaneTasks root_;
  LaneTasks tasks_;
  std::vector<EventIndex> head_event_;  // per task: what changed the bound last
  std::vector<EventIndex> deadline_event_;
  std::vector<TaskOrder> orders_;
  std::vector<EventIndex> order_event_;
  std::vector<Event> events_;
  std::vector<Split> splits_;
  std::size_t split_count_ = 0;
  std::vector<char> is_needed_;  // per event
  ProofTree proof_tree_;
  ProofTree::Node conflict_proof_ = 0;
  std::vector<TaskIndex> inside_;
};

}  // namespace splitlane
