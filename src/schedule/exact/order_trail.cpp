#include "schedule/exact/order_trail.hpp"

#include <algorithm>

namespace splitlane {

void OrderTrail::reset(std::span<const Service> services, Time makespan, bool record_proof) {
  services_ = services;
  root_.reset(services, makespan);
  tasks_ = root_;
  head_event_.assign(tasks_.count(), kRoot);
  deadline_event_.assign(tasks_.count(), kRoot);
  orders_.clear();
  order_event_.clear();
  events_.clear();
  split_count_ = 0;
  is_needed_.clear();
  proof_tree_.reset(record_proof);
  conflict_proof_ = 0;
}

OrderTrail::Split& OrderTrail::push_split(const OrderSplit& split, const Window& window, TaskIndex own) {
  if (split_count_ == splits_.size()) splits_.emplace_back();
  Split& pushed = splits_[split_count_];
  pushed.step = split;
  pushed.window = window;
  pushed.own = own;
  pushed.has_subtree = false;
  Event event;
  event.split = static_cast<std::uint32_t>(split_count_++);
  events_.push_back(event);
  is_needed_.push_back(0);
  apply(split, static_cast<EventIndex>(events_.size() - 1));
  return pushed;
}

void OrderTrail::apply(const OrderSplit& split, EventIndex event) {
  if (split.kind == LaneProofStep::Kind::kOrder) {
    const auto first = static_cast<TaskIndex>(split.first);
    const auto second = static_cast<TaskIndex>(split.second);
    orders_.push_back(split.takes_left ? TaskOrder{first, second} : TaskOrder{second, first});
    order_event_.push_back(event);
    return;
  }
  const auto service = static_cast<std::size_t>(split.first);
  if (split.takes_left) {
    sink_deadline(task_index(service, Task::kForward), split.second, kRoot, event);
  } else {
    raise_head(task_index(service, Task::kBackward), split.second + 1 + services_[service].turnaround, kRoot, event);
  }
}

bool OrderTrail::raise_head(TaskIndex task, Time value, EventIndex bound_cause, EventIndex split_cause) {
  if (value <= tasks_.head[task]) return false;
  events_.push_back({Event::Kind::kHead, task, tasks_.head[task], head_event_[task], bound_cause, split_cause, 0});
  is_needed_.push_back(0);
  head_event_[task] = static_cast<EventIndex>(events_.size() - 1);
  tasks_.head[task] = value;
  return true;
}

bool OrderTrail::sink_deadline(TaskIndex task, Time value, EventIndex bound_cause, EventIndex split_cause) {
  if (value >= tasks_.deadline[task]) return false;
  events_.push_back(
      {Event::Kind::kDeadline, task, tasks_.deadline[task], deadline_event_[task], bound_cause, split_cause, 0});
  is_needed_.push_back(0);
  deadline_event_[task] = static_cast<EventIndex>(events_.size() - 1);
  tasks_.deadline[task] = value;
  return true;
}

bool OrderTrail::is_too_tight(TaskIndex task) const {
  return tasks_.work[task] > 0 && tasks_.head[task] + tasks_.work[task] > tasks_.deadline[task];
}

std::optional<Window> OrderTrail::close() {
  bool changed = true;
  while (changed) {
    changed = false;
    for (std::size_t index = 0; index < orders_.size(); ++index) {
      const auto [before, behind] = orders_[index];
      changed |=
          raise_head(behind, tasks_.head[before] + tasks_.work[before], head_event_[before], order_event_[index]);
      changed |= sink_deadline(before, tasks_.deadline[behind] - tasks_.work[behind], deadline_event_[behind],
                               order_event_[index]);
    }
    for (TaskIndex forward = 0; forward < tasks_.count(); forward += 2) {
      const TaskIndex backward = forward + 1;
      const Time wait = services_[forward / 2].turnaround;
      changed |= raise_head(backward, tasks_.head[forward] + tasks_.work[forward] + wait, head_event_[forward], kRoot);
      changed |= sink_deadline(forward, tasks_.deadline[backward] - tasks_.work[backward] - wait,
                               deadline_event_[backward], kRoot);
    }
    // Ends before the fixpoint, which contradictory orders would reach only after a time that depends on the horizon.
    for (TaskIndex task = 0; task < tasks_.count(); ++task) {
      if (is_too_tight(task)) return Window{tasks_.head[task], tasks_.deadline[task]};
    }
  }
  return std::nullopt;
}

void OrderTrail::pop() {
  const Event& event = events_.back();
  switch (event.kind) {
    case Event::Kind::kHead:
      tasks_.head[event.task] = event.old_value;
      head_event_[event.task] = event.old_event;
      break;
    case Event::Kind::kDeadline:
      tasks_.deadline[event.task] = event.old_value;
      deadline_event_[event.task] = event.old_event;
      break;
    case Event::Kind::kSplit:
      --split_count_;
      if (splits_[split_count_].step.kind == LaneProofStep::Kind::kOrder) {
        orders_.pop_back();
        order_event_.pop_back();
      }
      break;
  }
  events_.pop_back();
  is_needed_.pop_back();
}

void OrderTrail::undo(std::size_t mark) {
  while (events_.size() > mark) pop();
}

void OrderTrail::need(EventIndex event) {
  if (event != kRoot) is_needed_[static_cast<std::size_t>(event)] = 1;
}

// The earliest change after which the bound is good enough.
void OrderTrail::need_head(TaskIndex task, Time value) {
  EventIndex event = head_event_[task];
  while (event != kRoot && events_[static_cast<std::size_t>(event)].old_value >= value) {
    event = events_[static_cast<std::size_t>(event)].old_event;
  }
  need(event);
}

void OrderTrail::need_deadline(TaskIndex task, Time value) {
  EventIndex event = deadline_event_[task];
  while (event != kRoot && events_[static_cast<std::size_t>(event)].old_value <= value) {
    event = events_[static_cast<std::size_t>(event)].old_event;
  }
  need(event);
}

// Leaves out the tasks that the window is overloaded without, unless they are inside anyway.
void OrderTrail::explain(const Window& window, TaskIndex own) {
  inside_.clear();
  Time work = own == kNone ? 0 : tasks_.work[own];
  for (TaskIndex task = 0; task < tasks_.count(); ++task) {
    if (task == own || !tasks_.is_inside(task, window)) continue;
    work += tasks_.work[task];
    if (!root_.is_inside(task, window)) inside_.push_back(task);
  }
  const Time room = std::max<Time>(0, window.second - window.first);
  for (const TaskIndex task : inside_) {
    if (work - tasks_.work[task] > room) {
      work -= tasks_.work[task];
      continue;
    }
    need_head(task, window.first);
    need_deadline(task, window.second);
  }
}

void OrderTrail::clear_conflict() { std::fill(is_needed_.begin(), is_needed_.end(), char{0}); }

void OrderTrail::refute_by(const Window& window) {
  clear_conflict();
  explain(window, kNone);
  conflict_proof_ = proof_tree_.add_window(window);
}

// Adds what the refuted side needs apart from the split itself; its proof.
ProofTree::Node OrderTrail::explain_refuted_side(const Split& split) {
  if (split.has_subtree) {
    for (const EventIndex event : split.needed) need(event);
    return split.proof;
  }
  const Window& window = split.window;
  explain(window, split.own);
  if (split.step.kind == LaneProofStep::Kind::kCompletion) {
    if (split.step.takes_left) {
      need_deadline(split.own, window.second);
    } else {
      need_head(split.own, window.first);
    }
  } else {
    // In the refuted side the other order holds, and brings `own` into the window from one side.
    const auto first = static_cast<TaskIndex>(split.step.first);
    const auto second = static_cast<TaskIndex>(split.step.second);
    const TaskIndex before = split.step.takes_left ? second : first;
    const TaskIndex behind = split.step.takes_left ? first : second;
    const bool is_before = split.own == before;
    need_head(before, is_before ? window.first : window.first - tasks_.work[before]);
    need_deadline(behind, is_before ? window.second + tasks_.work[behind] : window.second);
  }
  return proof_tree_.add_window(window);
}

void OrderTrail::carry_back(std::size_t mark) {
  while (events_.size() > mark) {
    const Event event = events_.back();
    const bool is_needed = is_needed_.back() != 0;
    pop();
    if (!is_needed) continue;
    if (event.kind != Event::Kind::kSplit) {
      need(event.bound_cause);
      need(event.split_cause);
      continue;
    }
    const Split& split = splits_[event.split];
    const ProofTree::Node side = explain_refuted_side(split);
    const OrderSplit& step = split.step;
    conflict_proof_ = step.takes_left
                          ? proof_tree_.add_split(step.kind, step.first, step.second, conflict_proof_, side)
                          : proof_tree_.add_split(step.kind, step.first, step.second, side, conflict_proof_);
  }
}

bool OrderTrail::take_back_decision() {
  const bool is_needed = is_needed_.back() != 0;
  pop();
  return is_needed;
}

void OrderTrail::deduce_from_conflict(const OrderSplit& split) {
  if (split_count_ == splits_.size()) splits_.emplace_back();
  std::vector<EventIndex>& needed = splits_[split_count_].needed;
  needed.clear();
  for (std::size_t event = 0; event < is_needed_.size(); ++event) {
    if (is_needed_[event] != 0) needed.push_back(static_cast<EventIndex>(event));
  }
  Split& pushed = push_split(split, {}, kNone);
  pushed.has_subtree = true;
  pushed.proof = conflict_proof_;
}

}  // namespace splitlane
