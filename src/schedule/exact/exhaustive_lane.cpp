#include "schedule/exact/exhaustive_lane.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace splitlane {

namespace {

constexpr Time kNever = std::numeric_limits<Time>::max() / 4;
constexpr std::uint64_t kBetweenQuestions = 1024;  // states from one look at the stop condition to the next

std::uint64_t mixed(std::uint64_t value, std::uint64_t with) {
  value = (value ^ with) * 0xbf58476d1ce4e5b9U;
  return value ^ (value >> 29U);
}

}  // namespace

ExhaustiveLane::Verdict ExhaustiveLane::decide(std::span<const Service> services, const SwitchRule& rule, Time makespan,
                                               std::uint64_t state_limit, const StopCondition& stop) {
  states_ = 0;
  if (services.size() > kMostServices) return Verdict::kUnknown;
  services_ = services;
  gap_ = rule.lane_gap();
  delay_ = rule.run_delay();
  makespan_ = makespan;
  state_limit_ = state_limit;
  stop_ = stop;
  tasks_.clear();
  for (const Service& service : services_) {
    const Time at_once = service.release + service.turnaround;
    if (service.load() == 0 && at_once + service.tail > makespan) return Verdict::kInfeasible;
    tasks_.push_back({service.forward, service.release, 0, false});
    tasks_.push_back({service.backward, service.forward > 0 ? kNever : at_once, 0, false});
  }
  now_ = 0;
  is_interrupted_ = false;
  seen_.clear();
  lane_.clear();
  return look();
}

// Of the task's next run, when it is the last.
Time ExhaustiveLane::latest_end(TaskIndex task) const {
  const Service& service = service_of(task);
  const Time charge = delay_ * (tasks_[task].runs + 1);
  if (task_of(task) == Task::kBackward) return makespan_ - service.tail - charge;
  if (service.backward == 0) return makespan_ - service.tail - service.turnaround - charge;
  return makespan_ - service.tail - delay_ - service.backward - std::max(service.turnaround + charge, gap_);
}

// Of a backward, if nothing but its forward were left.
Time ExhaustiveLane::earliest_readiness(TaskIndex backward) const {
  if (tasks_[backward].ready < kNever) return tasks_[backward].ready;
  const TaskState& forward = tasks_[backward - 1];
  const Time end = std::max(now_ + gap_, forward.ready) + forward.left;
  return end + std::max(service_of(backward).turnaround + delay_ * (forward.runs + 1), gap_);
}

void ExhaustiveLane::add_window(TaskIndex task) {
  if (!is_open(task)) return;
  const Time ready = task_of(task) == Task::kBackward ? earliest_readiness(task) : tasks_[task].ready;
  const Window window{std::max(now_, ready - gap_), latest_end(task), tasks_[task].left + gap_};
  auto place = windows_.end();
  while (place != windows_.begin() && (place - 1)->deadline > window.deadline) --place;
  windows_.insert(place, window);
}

// Every task that is left takes one run at least, and its gap.
bool ExhaustiveLane::overloads_window() {
  windows_.clear();
  for (TaskIndex task = 0; task < tasks_.size(); ++task) add_window(task);
  return std::any_of(windows_.begin(), windows_.end(), [this](const Window& first) {
    Time work = 0;
    return std::any_of(windows_.begin(), windows_.end(), [&](const Window& window) {
      if (window.head < first.head) return false;
      work += window.work;
      return work > window.deadline - first.head;
    });
  });
}

// Whether some task may still start exactly when it is ready, if any has to before interrupted ones go on.
bool ExhaustiveLane::can_settle_debts() const {
  const auto owes = [](const TaskState& task) { return task.owes; };
  if (std::none_of(tasks_.begin(), tasks_.end(), owes)) return true;
  for (TaskIndex task = 0; task < tasks_.size(); ++task) {
    if (!is_open(task) || tasks_[task].owes || tasks_[task].ready < now_ + gap_) continue;
    if (tasks_[task].ready < kNever || !tasks_[task - 1].owes) return true;
  }
  return false;
}

bool ExhaustiveLane::is_new() {
  WideKey key{static_cast<std::uint64_t>(now_), ~static_cast<std::uint64_t>(now_)};
  const auto add = [&key](Time value) {
    key.high = mixed(key.high, static_cast<std::uint64_t>(value));
    key.low = mixed(key.low + 0x9e3779b97f4a7c15U, static_cast<std::uint64_t>(value));
  };
  add(is_interrupted_ ? static_cast<Time>(interrupted_) : -1);
  add(is_interrupted_ ? interrupted_start_ : -1);
  for (const TaskState& task : tasks_) {
    add(task.left);
    if (task.left == 0) continue;
    add(task.ready);
    add(delay_ > 0 ? task.runs : 0);
    add(task.owes ? 1 : 0);
  }
  return seen_.insert(key).second;
}

// Whether the state can be left out, or what comes of going on from it.
ExhaustiveLane::Verdict ExhaustiveLane::look() {
  if (++states_ > state_limit_ || (states_ % kBetweenQuestions == 0 && stop_.reached())) return Verdict::kUnknown;
  if (overloads_window() || !can_settle_debts() || !is_new()) return Verdict::kInfeasible;
  return extend();
}

ExhaustiveLane::Verdict ExhaustiveLane::extend() {
  std::array<std::pair<Time, TaskIndex>, 2 * kMostServices> open;
  std::size_t count = 0;
  for (TaskIndex task = 0; task < tasks_.size(); ++task) {
    if (is_open(task)) open[count++] = {latest_end(task), task};
  }
  if (count == 0) return Verdict::kFeasible;
  std::sort(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t position = 0; position < count; ++position) {
    const TaskIndex task = open[position].second;
    if (tasks_[task].owes || tasks_[task].ready >= kNever) continue;
    const Time start = std::max(now_ + gap_, tasks_[task].ready);
    if (is_interrupted_ ? !may_follow(task) : waits_in_vain(task, start)) continue;
    const Verdict verdict = run(task, start);
    if (verdict != Verdict::kInfeasible) return verdict;
  }
  return Verdict::kInfeasible;
}

bool ExhaustiveLane::may_follow(TaskIndex task) const {
  if (tasks_[task].ready > now_ + gap_) return false;
  return tasks_[task].ready > interrupted_start_ || task > interrupted_;
}

bool ExhaustiveLane::waits_in_vain(TaskIndex task, Time start) const {
  if (start == now_ + gap_) return false;
  for (TaskIndex other = 0; other < tasks_.size(); ++other) {
    if (other == task || !is_open(other)) continue;
    if (std::max(now_ + gap_, tasks_[other].ready) + tasks_[other].left + gap_ <= start) return true;
  }
  return false;
}

ExhaustiveLane::Verdict ExhaustiveLane::run(TaskIndex task, Time start) {
  const bool has_to_be_interrupted = is_interrupted_ && tasks_[task].ready <= interrupted_start_;
  std::array<bool, 2 * kMostServices> owed{};
  for (TaskIndex other = 0; other < tasks_.size(); ++other) {
    owed[other] = tasks_[other].owes;
    if (start == tasks_[task].ready) tasks_[other].owes = false;
  }
  const Time now = now_;
  const bool is_interrupted = is_interrupted_;
  const TaskIndex interrupted = interrupted_;
  const Time interrupted_start = interrupted_start_;

  ++tasks_[task].runs;
  Verdict verdict = has_to_be_interrupted ? Verdict::kInfeasible : finish(task, start);
  if (verdict == Verdict::kInfeasible) verdict = interrupt(task, start);
  --tasks_[task].runs;

  now_ = now;
  is_interrupted_ = is_interrupted;
  interrupted_ = interrupted;
  interrupted_start_ = interrupted_start;
  for (TaskIndex other = 0; other < tasks_.size(); ++other) tasks_[other].owes = owed[other];
  return verdict;
}

// The run is the task's last one.
ExhaustiveLane::Verdict ExhaustiveLane::finish(TaskIndex task, Time start) {
  TaskState& state = tasks_[task];
  const Time end = start + state.left;
  --state.runs;
  const bool is_late = end > latest_end(task);
  ++state.runs;
  if (is_late) return Verdict::kInfeasible;
  const Time left = std::exchange(state.left, 0);
  if (task_of(task) == Task::kForward) {
    tasks_[task + 1].ready = end + service_of(task).turnaround + delay_ * state.runs;
  }
  now_ = end;
  is_interrupted_ = false;
  lane_.push_back({task / 2, task_of(task), start, end});
  const Verdict verdict = look();
  if (verdict == Verdict::kFeasible) return verdict;
  lane_.pop_back();
  if (task_of(task) == Task::kForward) tasks_[task + 1].ready = kNever;
  state.left = left;
  return verdict;
}

// The first end of a run of `task` at which another task may take over; kNever when none may.
Time ExhaustiveLane::earliest_interruption(TaskIndex task, Time start) const {
  Time earliest = kNever;
  for (TaskIndex other = 0; other < tasks_.size(); ++other) {
    if (other == task || !is_open(other) || tasks_[other].owes) continue;
    if (tasks_[other].ready <= start && other < task) continue;
    earliest = std::min(earliest, std::max(start + 1, tasks_[other].ready - gap_));
  }
  return earliest;
}

ExhaustiveLane::Verdict ExhaustiveLane::interrupt(TaskIndex task, Time start) {
  TaskState& state = tasks_[task];
  const Time left = state.left;
  state.owes = true;
  Verdict verdict = Verdict::kInfeasible;
  for (Time end = earliest_interruption(task, start); end < start + left && verdict == Verdict::kInfeasible; ++end) {
    state.left = start + left - end;
    now_ = end;
    is_interrupted_ = true;
    interrupted_ = task;
    interrupted_start_ = start;
    lane_.push_back({task / 2, task_of(task), start, end});
    verdict = look();
    if (verdict != Verdict::kFeasible) lane_.pop_back();
  }
  state.left = left;
  state.owes = false;
  return verdict;
}

}  // namespace splitlane
