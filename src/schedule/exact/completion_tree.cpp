#include "schedule/exact/completion_tree.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace splitlane {

namespace {

// Far above what a search within its node limit reaches on sets that it can decide; keeps the call stack small.
constexpr int kDeepest = 500;

constexpr auto kNoTask = static_cast<TaskIndex>(-1);

TaskIndex forward_of(std::uint32_t service) { return task_index(service, Task::kForward); }
TaskIndex backward_of(std::uint32_t service) { return task_index(service, Task::kBackward); }

}  // namespace

CompletionTree::Verdict CompletionTree::start(std::span<const Service> services, Time makespan, bool record_proof,
                                              const StopCondition& stop) {
  stop_ = stop;
  services_ = services;
  limit_ = makespan;
  root_.reset(services, makespan);
  tasks_ = root_;
  sweep_.reset(tasks_.work);
  mirrored_sweep_.reset(tasks_.work);
  mirrored_head_.resize(tasks_.count());
  mirrored_deadline_.resize(tasks_.count());
  priority_.resize(tasks_.count());
  trail_.clear();
  subtree_count_ = 0;
  conflict_.reset(services.size());
  side_.reset(services.size());
  proof_tree_.reset(record_proof);
  if (!propagate()) {
    conclude(0);
    return Verdict::kInfeasible;
  }
  propagated_ = tasks_;
  propagated_trail_ = trail_.size();
  return Verdict::kUnknown;
}

CompletionTree::Verdict CompletionTree::search(std::uint64_t node_limit, const StopCondition& stop) {
  nodes_left_ = node_limit;
  stop_ = stop;
  tasks_ = propagated_;
  trail_.resize(propagated_trail_);
  subtree_count_ = 0;
  const Verdict verdict = explore(0);
  if (verdict == Verdict::kInfeasible) conclude(0);
  return verdict;
}

Time& CompletionTree::bound(const Tightening& tightening) {
  return tightening.delays_backward ? tasks_.head[backward_of(tightening.service)]
                                    : tasks_.deadline[forward_of(tightening.service)];
}

// The head that a backward has once its forward is known to complete after the threshold.
Time CompletionTree::bound_beyond(std::uint32_t service, Time threshold) const {
  return threshold + 1 + services_[service].turnaround;
}

void CompletionTree::push(Tightening tightening) {
  Time& changed = bound(tightening);
  tightening.old_bound = changed;
  changed = tightening.delays_backward ? bound_beyond(tightening.service, tightening.threshold) : tightening.threshold;
  trail_.push_back(tightening);
}

bool CompletionTree::delay_backwards() {
  bool changed = false;
  for (std::uint32_t service = 0; service < services_.size(); ++service) {
    const TaskIndex forward = forward_of(service);
    if (tasks_.work[forward] == 0 || tasks_.work[forward + 1] == 0) continue;
    const Time completion = sweep_.completion(forward);
    if (completion + services_[service].turnaround <= tasks_.head[forward + 1]) continue;
    push({service, true, completion - 1, 0, {sweep_.refuted_from(forward), completion - 1}, kNoSubtree});
    changed = true;
  }
  return changed;
}

bool CompletionTree::hurry_forwards() {
  bool changed = false;
  for (std::uint32_t service = 0; service < services_.size(); ++service) {
    const TaskIndex backward = backward_of(service);
    if (tasks_.work[backward] == 0 || tasks_.work[backward - 1] == 0) continue;
    const Time latest_start = -mirrored_sweep_.completion(backward);
    const Time threshold = latest_start - services_[service].turnaround;
    if (threshold >= tasks_.deadline[backward - 1]) continue;
    push({service, false, threshold, 0, {latest_start + 1, -mirrored_sweep_.refuted_from(backward)}, kNoSubtree});
    changed = true;
  }
  return changed;
}

// To the fixpoint, or until stopped; false when some window is overloaded, which is then the conflict.
bool CompletionTree::propagate() {
  for (int round = 0; round < kMostRounds && !(round > 0 && stop_.reached()); ++round) {
    if (const auto window = sweep_.run(tasks_.head, tasks_.deadline, Task::kForward)) {
      refute_by(*window);
      return false;
    }
    bool changed = delay_backwards();
    for (TaskIndex task = 0; task < tasks_.count(); ++task) {
      mirrored_head_[task] = -tasks_.deadline[task];
      mirrored_deadline_[task] = -tasks_.head[task];
    }
    if (const auto window = mirrored_sweep_.run(mirrored_head_, mirrored_deadline_, Task::kBackward)) {
      refute_by({-window->second, -window->first});
      return false;
    }
    changed = hurry_forwards() || changed;
    if (!changed) break;
  }
  return true;
}

void CompletionTree::refute_by(const Window& window) {
  conflict_.reset(services_.size());
  conflict_.proof = proof_tree_.add_window(reason_.explain(root_, tasks_, window, kNoTask, conflict_));
}

// The refuted side of a split whose own bound is undone: what it needs apart from the split itself.
Refutation& CompletionTree::refuted_side(const Tightening& tightening) {
  if (tightening.subtree != kNoSubtree) return subtrees_[tightening.subtree];
  const TaskIndex forward = forward_of(tightening.service);
  const TaskIndex own = tightening.delays_backward ? forward : forward + 1;
  Time& own_bound = tightening.delays_backward ? tasks_.deadline[own] : tasks_.head[own];
  const Time saved = own_bound;
  own_bound =
      tightening.delays_backward ? tightening.threshold : bound_beyond(tightening.service, tightening.threshold);
  side_.reset(services_.size());
  side_.proof = proof_tree_.add_window(reason_.explain(root_, tasks_, tightening.refuted_by, own, side_));
  own_bound = saved;
  (tightening.delays_backward ? side_.deadline[tightening.service] : side_.head[tightening.service]) =
      tightening.delays_backward ? Refutation::kAnyDeadline : Refutation::kAnyHead;
  return side_;
}

// Carries the conflict back over the tightenings since `trail_mark`, which it then no longer needs.
void CompletionTree::conclude(std::size_t trail_mark) {
  SPLITLANE_ASSERT(trail_mark <= trail_.size(), trail_mark, trail_.size());
  for (; trail_.size() > trail_mark; trail_.pop_back()) {
    const Tightening& tightening = trail_.back();
    const std::uint32_t service = tightening.service;
    bound(tightening) = tightening.old_bound;
    const bool delays = tightening.delays_backward;
    Time& needed = delays ? conflict_.head[service] : conflict_.deadline[service];
    if (delays ? needed > tightening.old_bound : needed < tightening.old_bound) {
      needed = delays ? Refutation::kAnyHead : Refutation::kAnyDeadline;
      const Refutation& side = refuted_side(tightening);
      conflict_.merge(side);
      conflict_.proof =
          proof_tree_.add_split(LaneProofStep::Kind::kCompletion, service, tightening.threshold,
                                delays ? side.proof : conflict_.proof, delays ? conflict_.proof : side.proof);
    }
    if (tightening.subtree != kNoSubtree) --subtree_count_;
  }
}

// On kInfeasible the conflict is that of the node, except for the tightenings of its trail.
CompletionTree::Verdict CompletionTree::explore(int depth) {
  const std::size_t trail_mark = trail_.size();
  while (propagate()) {
    if (nodes_left_ == 0 || depth > kDeepest || stop_.reached()) return Verdict::kUnknown;
    --nodes_left_;
    for (TaskIndex task = 0; task < tasks_.count(); ++task) priority_[task] = -tasks_.deadline[task];
    scheduled_makespan_ = scheduler_.run(services_, {}, priority_, 0);
    if (scheduled_makespan_ <= limit_) return Verdict::kFeasible;
    const auto block = late_blocks_.find(services_, tasks_, scheduler_.lane(), scheduler_.completions());
    SPLITLANE_ASSERT(block.has_value(), scheduled_makespan_, limit_);
    if (block->is_overloaded()) {
      refute_by(block->window);
      break;
    }
    bool concluded = false;
    const Verdict verdict = branch(*block, depth, trail_mark, concluded);
    if (concluded || verdict != Verdict::kInfeasible) return verdict;
  }
  conclude(trail_mark);
  return Verdict::kInfeasible;
}

CompletionTree::Verdict CompletionTree::branch(const LateBlock& block, int depth, std::size_t trail_mark,
                                               bool& concluded) {
  const std::uint32_t service = block.service;
  if (block.is_forced) {
    push({service, false, block.threshold, 0, block.window, kNoSubtree});
    return Verdict::kInfeasible;
  }
  Time& deadline = tasks_.deadline[forward_of(service)];
  const Time old_deadline = std::exchange(deadline, block.threshold);
  const Verdict verdict = explore(depth + 1);
  if (verdict != Verdict::kInfeasible) return verdict;
  deadline = old_deadline;

  Time& needed = conflict_.deadline[service];
  if (needed >= old_deadline) {
    conclude(trail_mark);
    concluded = true;
    return Verdict::kInfeasible;
  }
  const Time refuted_until = std::exchange(needed, Refutation::kAnyDeadline);
  if (subtree_count_ == subtrees_.size()) subtrees_.emplace_back();
  subtrees_[subtree_count_] = conflict_;
  push({service, true, refuted_until, 0, {}, subtree_count_});
  ++subtree_count_;
  return Verdict::kInfeasible;
}

}  // namespace splitlane
