#include "schedule/exact/order_tree.hpp"

#include <algorithm>

namespace splitlane {

namespace {

using Kind = LaneProofStep::Kind;

constexpr int kDeepestOrder = 500;
// Deductions about so many tasks of a large helper may take milliseconds.
constexpr TaskIndex kTasksBetweenStops = 32;

}  // namespace

OrderTree::Verdict OrderTree::start(std::span<const Service> services, Time makespan, bool record_proof,
                                    const StopCondition& stop) {
  stop_ = stop;
  services_ = services;
  limit_ = makespan;
  trail_.reset(services, makespan, record_proof);
  const LaneTasks& tasks = trail_.tasks();
  sweep_.reset(tasks.work);
  mirrored_sweep_.reset(tasks.work);
  mirrored_head_.resize(tasks.count());
  mirrored_deadline_.resize(tasks.count());
  if (!propagate()) {
    trail_.carry_back(0);
    return Verdict::kInfeasible;
  }
  propagated_ = trail_.size();
  return Verdict::kUnknown;
}

OrderTree::Verdict OrderTree::search(std::uint64_t node_limit, const StopCondition& stop) {
  nodes_left_ = node_limit;
  stop_ = stop;
  trail_.undo(propagated_);
  const Verdict verdict = explore(0);
  if (verdict == Verdict::kInfeasible) trail_.carry_back(0);
  return verdict;
}

OrderTree::Step OrderTree::refute_by(const Window& window) {
  trail_.refute_by(window);
  return Step::kRefuted;
}

OrderTree::Step OrderTree::deduce(const OrderSplit& split, const Window& window, TaskIndex own) {
  trail_.deduce(split, window, own);
  const auto overloaded = trail_.close();
  return overloaded ? refute_by(*overloaded) : Step::kDeduced;
}

// The task cannot end before `completion`, so not in time for what would have to run behind it.
OrderTree::Step OrderTree::use_earliest_completion(TaskIndex task) {
  const LaneTasks& tasks = trail_.tasks();
  const Time completion = sweep_.completion(task);
  const Window window{sweep_.refuted_from(task), completion - 1};
  if (completion > tasks.deadline[task]) return refute_by(window);
  Step result = Step::kNothing;
  const std::uint32_t service = task / 2;
  if (task_of(task) == Task::kForward && tasks.work[task + 1] > 0 &&
      completion + services_[service].turnaround > tasks.head[task + 1]) {
    result = deduce({Kind::kCompletion, service, completion - 1, false}, window, task);
    if (result == Step::kRefuted) return result;
  }
  for (TaskIndex other = 0; other < tasks.count(); ++other) {
    if (other == task || tasks.work[other] == 0 || completion + tasks.work[other] <= tasks.deadline[other]) continue;
    if (tasks.head[task] >= tasks.head[other] + tasks.work[other] &&
        tasks.deadline[other] <= tasks.deadline[task] - tasks.work[task]) {
      continue;
    }
    result = deduce({Kind::kOrder, task, other, false}, window, task);
    if (result == Step::kRefuted) return result;
    if (completion > tasks.deadline[task]) return refute_by(window);
  }
  return result;
}

// The mirror image: the task cannot start after `latest`, so not behind what ends later.
OrderTree::Step OrderTree::use_latest_start(TaskIndex task) {
  const LaneTasks& tasks = trail_.tasks();
  const Time latest = -mirrored_sweep_.completion(task);
  const Window window{latest + 1, -mirrored_sweep_.refuted_from(task)};
  if (latest < tasks.head[task]) return refute_by(window);
  Step result = Step::kNothing;
  const std::uint32_t service = task / 2;
  if (task_of(task) == Task::kBackward && tasks.work[task - 1] > 0 &&
      latest - services_[service].turnaround < tasks.deadline[task - 1]) {
    result = deduce({Kind::kCompletion, service, latest - services_[service].turnaround, true}, window, task);
    if (result == Step::kRefuted) return result;
  }
  for (TaskIndex other = 0; other < tasks.count(); ++other) {
    if (other == task || tasks.work[other] == 0 || latest >= tasks.head[other] + tasks.work[other]) continue;
    if (tasks.head[other] >= tasks.head[task] + tasks.work[task] &&
        tasks.deadline[task] <= tasks.deadline[other] - tasks.work[other]) {
      continue;
    }
    result = deduce({Kind::kOrder, task, other, true}, window, task);
    if (result == Step::kRefuted) return result;
    if (latest < tasks.head[task]) return refute_by(window);
  }
  return result;
}

OrderTree::Step OrderTree::sweep() {
  const LaneTasks& tasks = trail_.tasks();
  Step result = Step::kNothing;
  const auto use = [&](Step (OrderTree::*rule)(TaskIndex)) {
    for (TaskIndex task = 0; task < tasks.count() && result != Step::kRefuted; ++task) {
      if (task % kTasksBetweenStops == kTasksBetweenStops - 1 && stop_.reached()) return;
      if (tasks.work[task] == 0) continue;
      const Step step = (this->*rule)(task);
      if (step != Step::kNothing) result = step;
    }
  };
  if (const auto window = sweep_.run(tasks.head, tasks.deadline, std::nullopt)) return refute_by(*window);
  use(&OrderTree::use_earliest_completion);
  if (result == Step::kRefuted) return result;
  for (TaskIndex task = 0; task < tasks.count(); ++task) {
    mirrored_head_[task] = -tasks.deadline[task];
    mirrored_deadline_[task] = -tasks.head[task];
  }
  if (const auto window = mirrored_sweep_.run(mirrored_head_, mirrored_deadline_, std::nullopt)) {
    return refute_by({-window->second, -window->first});
  }
  use(&OrderTree::use_latest_start);
  return result;
}

// To a fixpoint, or until stopped; false when some window is overloaded, which is then the conflict.
bool OrderTree::propagate() {
  if (const auto window = trail_.close()) {
    refute_by(*window);
    return false;
  }
  Step step = Step::kDeduced;
  for (int round = 0; step == Step::kDeduced && round < kMostRounds; ++round) {
    if (round > 0 && stop_.reached()) break;
    step = sweep();
  }
  return step != Step::kRefuted;
}

// The first segment of the block that ends with the late segment `last`.
std::size_t OrderTree::block_start(std::size_t last) const {
  const Lane& lane = scheduler_.lane();
  const std::vector<Time>& deadline = trail_.tasks().deadline;
  std::size_t first = last;
  while (first > 0 && lane[first - 1].end == lane[first].start &&
         deadline[task_at(lane[first - 1])] <= deadline[task_at(lane[last])]) {
    --first;
  }
  return first;
}

// How to branch on the first late task; nullopt when its block overloads its window, which is then the conflict.
std::optional<OrderSplit> OrderTree::split_late_block() {
  const LaneTasks& tasks = trail_.tasks();
  const Lane& lane = scheduler_.lane();
  std::size_t last = 0;
  while (lane[last].end <= tasks.deadline[task_at(lane[last])]) ++last;
  const TaskIndex late = task_at(lane[last]);
  const std::size_t first = block_start(last);
  if (first > 0 && lane[first - 1].end == lane[first].start) {
    return OrderSplit{Kind::kOrder, late, task_at(lane[first - 1]), true};
  }
  const Time start = lane[first].start;
  Time movable = 0;
  Time largest = 0;
  OrderSplit split{Kind::kCompletion, 0, 0, true};
  for (std::size_t index = first; index <= last; ++index) {
    const TaskIndex task = task_at(lane[index]);
    if (tasks.head[task] >= start) continue;
    movable += tasks.work[task];
    const std::uint32_t service = lane[index].service;
    const Time threshold = start - services_[service].turnaround - 1;
    if (task_of(task) == Task::kBackward && tasks.work[task] > largest && scheduler_.release(task) >= start) {
      largest = tasks.work[task];
      split.first = service;
      split.second = threshold;
    }
  }
  if (movable < lane[last].end - tasks.deadline[late]) {
    refute_by({start, tasks.deadline[late]});
    return std::nullopt;
  }
  return split;
}

// On kInfeasible the conflict speaks of what was decided before.
OrderTree::Verdict OrderTree::explore(int depth) {
  const std::size_t mark = trail_.size();
  while (propagate()) {
    if (nodes_left_ == 0 || depth > kDeepestOrder || stop_.reached()) return Verdict::kUnknown;
    --nodes_left_;
    scheduled_makespan_ = scheduler_.run(services_, trail_.tasks(), trail_.orders());
    if (scheduled_makespan_ <= limit_) return Verdict::kFeasible;
    const auto split = split_late_block();
    if (!split) break;
    const std::size_t decision = trail_.size();
    trail_.decide(*split);
    const Verdict verdict = explore(depth + 1);
    if (verdict != Verdict::kInfeasible) return verdict;
    trail_.carry_back(decision + 1);
    // Without need for the decision its conflict is already that of this node.
    if (!trail_.take_back_decision()) break;
    OrderSplit other = *split;
    other.takes_left = false;
    trail_.deduce_from_conflict(other);
  }
  trail_.carry_back(mark);
  return Verdict::kInfeasible;
}

}  // namespace splitlane
