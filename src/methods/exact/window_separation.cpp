#include "methods/exact/window_separation.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

struct WeightedTask {
  Time head;
  Time tail;
  double load;  ///< work times weight
};

std::vector<WeightedTask> tasks_of(std::span<const WeightedService> services) {
  std::vector<WeightedTask> tasks;
  tasks.reserve(2 * services.size());
  for (const auto& [plain, weight] : services) {
    const Time backward_head = plain.release + plain.forward + plain.turnaround;
    const Time forward_tail = plain.turnaround + plain.backward + plain.tail;
    if (plain.forward > 0) tasks.push_back({plain.release, forward_tail, static_cast<double>(plain.forward) * weight});
    if (plain.backward > 0) tasks.push_back({backward_head, plain.tail, static_cast<double>(plain.backward) * weight});
  }
  return tasks;
}

std::vector<Time> distinct(std::vector<Time> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

constexpr double kLeastGain = 1e-6;

/// The clients inside one window: their least head or tail there, and their weight.
using Entry = std::pair<Time, double>;

struct LiftedSteps {
  double gain = 0;
  std::vector<Time> steps;
};

// `first` is the window's own head (or tail); entries are sorted by value.
LiftedSteps lift(Time first, std::vector<Entry>& entries) {
  std::sort(entries.begin(), entries.end());
  LiftedSteps lifted{0, {first}};
  double weight = 0;
  for (const auto& [value, entry_weight] : entries) {
    if (value > lifted.steps.back()) {
      if (1 - weight <= kLeastGain) break;
      lifted.gain += (1 - weight) * static_cast<double>(value - lifted.steps.back());
      lifted.steps.push_back(value);
    }
    weight += entry_weight;
  }
  return lifted;
}

class LiftedSeparation {
 public:
  LiftedSeparation(std::span<const WeightedService> services, Time makespan)
      : services_(services), makespan_(makespan) {}

  /// The violation of the best lifting of window (head, tail); steps in `heads` and `tails`.
  ViolatedWindow lifted_window(Time head, Time tail) {
    head_entries_.clear();
    tail_entries_.clear();
    double load = 0;
    for (const auto& [plain, weight] : services_) {
      const Time backward_head = plain.release + plain.forward + plain.turnaround;
      const Time forward_tail = plain.turnaround + plain.backward + plain.tail;
      const bool forward = plain.forward > 0 && plain.release >= head && forward_tail >= tail;
      const bool backward = plain.backward > 0 && backward_head >= head && plain.tail >= tail;
      if (!forward && !backward) continue;
      load += static_cast<double>((forward ? plain.forward : 0) + (backward ? plain.backward : 0)) * weight;
      head_entries_.emplace_back(forward ? plain.release : backward_head, weight);
      tail_entries_.emplace_back(backward ? plain.tail : forward_tail, weight);
    }
    const auto capacity = static_cast<double>(makespan_ - head - tail);
    if (load < kWorthLifting * capacity) return {0, {}, {}};
    LiftedSteps heads = lift(head, head_entries_);
    LiftedSteps tails = lift(tail, tail_entries_);
    if (heads.steps.back() + tails.steps.back() > makespan_) return {0, {}, {}};
    return {load + heads.gain + tails.gain - capacity, std::move(heads.steps), std::move(tails.steps)};
  }

 private:
  /// Lifting adds little; windows that are emptier than this share never become violated.
  static constexpr double kWorthLifting = 0.6;

  std::span<const WeightedService> services_;
  Time makespan_;
  std::vector<Entry> head_entries_;
  std::vector<Entry> tail_entries_;
};

}  // namespace

void keep_worst(std::vector<ViolatedWindow>& windows, std::size_t most) {
  std::stable_sort(windows.begin(), windows.end(), [](const ViolatedWindow& left, const ViolatedWindow& right) {
    return std::tie(right.violation, left.heads, left.tails) < std::tie(left.violation, right.heads, right.tails);
  });
  const auto same = [](const ViolatedWindow& left, const ViolatedWindow& right) {
    return left.heads == right.heads && left.tails == right.tails;
  };
  windows.erase(std::unique(windows.begin(), windows.end(), same), windows.end());
  if (windows.size() > most) windows.resize(most);
}

std::vector<ViolatedWindow> violated_windows(std::span<const WeightedService> services, Time makespan, double excess,
                                             double tolerance, std::size_t most, const StopCondition& stop) {
  std::vector<WeightedTask> tasks = tasks_of(services);
  std::sort(tasks.begin(), tasks.end(),
            [](const WeightedTask& left, const WeightedTask& right) { return left.tail > right.tail; });
  std::vector<Time> heads;
  heads.reserve(tasks.size());
  for (const WeightedTask& task : tasks) heads.push_back(task.head);
  heads = distinct(std::move(heads));

  std::vector<ViolatedWindow> windows;
  std::vector<double> load(heads.size(), 0);  // of the tasks so far whose head is no earlier
  for (std::size_t next = 0; next < tasks.size();) {
    throw_if_reached(stop);
    const Time tail = tasks[next].tail;
    for (; next < tasks.size() && tasks[next].tail == tail; ++next) {
      for (std::size_t index = 0; index < heads.size() && heads[index] <= tasks[next].head; ++index) {
        load[index] += tasks[next].load;
      }
    }
    double worst = tolerance;
    std::size_t worst_head = heads.size();
    for (std::size_t index = 0; index < heads.size() && heads[index] + tail < makespan; ++index) {
      const double violation = load[index] - static_cast<double>(makespan - heads[index] - tail) - excess;
      if (violation > worst) {
        worst = violation;
        worst_head = index;
      }
    }
    if (worst_head < heads.size()) windows.push_back({worst, {heads[worst_head]}, {tail}});
  }
  keep_worst(windows, most);
  return windows;
}

std::vector<ViolatedWindow> violated_lifted_windows(std::span<const WeightedService> services, Time makespan,
                                                    double excess, double tolerance, std::size_t most,
                                                    const StopCondition& stop) {
  std::vector<Time> heads;
  std::vector<Time> tails;
  for (const WeightedTask& task : tasks_of(services)) {
    heads.push_back(task.head);
    tails.push_back(task.tail);
  }
  heads = distinct(std::move(heads));
  tails = distinct(std::move(tails));
  LiftedSeparation separation(services, makespan);
  std::vector<ViolatedWindow> windows;
  for (const Time tail : tails) {
    throw_if_reached(stop);
    for (const Time head : heads) {
      if (head + tail >= makespan) break;
      ViolatedWindow window = separation.lifted_window(head, tail);
      if (window.violation > excess + tolerance) {
        window.violation -= excess;
        windows.push_back(std::move(window));
      }
    }
  }
  keep_worst(windows, most);
  return windows;
}

}  // namespace splitlane::exact
