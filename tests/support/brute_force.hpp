#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane::test {

/// Exhaustive search over everything one helper can do, slot by slot, with memory of the states that failed. It
/// knows nothing of the library's schedulers or evaluator: only the rules of FORMAT. For tiny cases: at most five
/// services, all times below 100.
class LaneSearch {
 public:
  LaneSearch(std::span<const Service> services, const SwitchRule& rule)
      : services_(services.begin(), services.end()), cost_(rule.cost), occupy_(rule.model == SwitchModel::kOccupy) {}

  /// Forward tasks may then run in exactly these slots (entry t: the service whose forward holds slot t, or -1).
  void fix_forward(std::vector<int> service_of_slot) { fixed_forward_ = std::move(service_of_slot); }

  /// Smallest makespan of all schedules.
  Time optimum() {
    Time target = 0;
    while (!can_finish_by(target)) ++target;
    return target;
  }

 private:
  static constexpr int kNoTask = -1;

  struct Progress {
    Time forward_left = 0;
    Time backward_left = 0;
    Time ready = 0;  // of backward; meaningful once forward is over
    Time forward_runs = 0;
    Time backward_runs = 0;
    bool operator==(const Progress&) const = default;
  };
  struct State {
    Time now = 0;
    int last_task = kNoTask;  // 2k forward, 2k + 1 backward of service k
    Time last_end = 0;        // an idle lane counts as free from instant 0
    std::vector<Progress> progress;
  };

  Time charge(Time runs) const { return occupy_ ? 0 : 2 * cost_ * runs; }

  bool can_finish_by(Time target) {
    target_ = target;
    failed_.clear();
    State state;
    for (const Service& service : services_) {
      Progress progress{service.forward, service.backward, service.release + service.turnaround, 0, 0};
      state.progress.push_back(progress);
    }
    return search(state);
  }

  // A completion of this service that no continuation can beat.
  Time earliest_completion(const State& state, std::size_t index) const {
    const Service& service = services_[index];
    const Progress& progress = state.progress[index];
    Time instant = progress.ready;
    if (progress.forward_left > 0) {
      const Time runs = std::max<Time>(progress.forward_runs, 1);
      instant = std::max(state.now, service.release) + progress.forward_left + service.turnaround + charge(runs);
    }
    if (progress.backward_left > 0) {
      instant =
          std::max(state.now, instant) + progress.backward_left + charge(std::max<Time>(progress.backward_runs, 1));
    } else if (service.backward > 0) {
      return 0;  // over, and found on time when it ended
    }
    return instant + service.tail;
  }

  bool is_hopeless(const State& state) const {
    Time work_left = 0;
    for (std::size_t index = 0; index < services_.size(); ++index) {
      if (earliest_completion(state, index) > target_) return true;
      work_left += state.progress[index].forward_left + state.progress[index].backward_left;
    }
    return state.now + work_left > target_;
  }

  static bool is_done(const State& state) {
    return std::all_of(state.progress.begin(), state.progress.end(), [](const Progress& progress) {
      return progress.forward_left == 0 && progress.backward_left == 0;
    });
  }

  bool is_free_slot(Time slot) const {
    return slot >= static_cast<Time>(fixed_forward_.size()) || fixed_forward_[static_cast<std::size_t>(slot)] < 0;
  }

  bool is_available(const State& state, int task) const {
    const auto index = static_cast<std::size_t>(task / 2);
    const Progress& progress = state.progress[index];
    if (task % 2 == 0) {
      if (progress.forward_left == 0 || state.now < services_[index].release) return false;
      if (!fixed_forward_.empty()) {
        return !is_free_slot(state.now) && fixed_forward_[static_cast<std::size_t>(state.now)] == task / 2;
      }
    } else {
      if (progress.forward_left > 0 || progress.backward_left == 0 || state.now < progress.ready) return false;
      if (!is_free_slot(state.now)) return false;
    }
    const bool continues = state.last_task == task && state.last_end == state.now;
    return !occupy_ || continues || state.now - state.last_end >= cost_;
  }

  State after_running(State state, int task) const {
    const auto index = static_cast<std::size_t>(task / 2);
    Progress& progress = state.progress[index];
    const bool continues = state.last_task == task && state.last_end == state.now;
    ++state.now;
    state.last_task = task;
    state.last_end = state.now;
    if (task % 2 == 0) {
      progress.forward_runs += continues ? 0 : 1;
      --progress.forward_left;
      if (progress.forward_left == 0) {
        progress.ready = state.now + services_[index].turnaround + charge(progress.forward_runs);
      }
    } else {
      progress.backward_runs += continues ? 0 : 1;
      --progress.backward_left;
    }
    return state;
  }

  bool ends_late(const State& state, int task) const {
    const auto index = static_cast<std::size_t>(task / 2);
    const Progress& progress = state.progress[index];
    if (task % 2 == 0 || progress.backward_left > 0) return false;
    return state.now + charge(progress.backward_runs) + services_[index].tail > target_;
  }

  // What the future depends on, and nothing else.
  std::string key(const State& state) const {
    std::string text;
    const auto put = [&text](Time value) { text.push_back(static_cast<char>(value)); };
    put(state.now);
    const Time idle = std::min(state.now - state.last_end, occupy_ ? cost_ : 1);
    put(cost_ == 0 || idle > 0 ? kNoTask : state.last_task);
    put(idle);
    for (const Progress& progress : state.progress) {
      put(progress.forward_left);
      put(progress.backward_left);
      put(progress.forward_left > 0 ? progress.forward_runs : std::max<Time>(progress.ready - state.now, 0));
      put(progress.backward_left > 0 && !occupy_ ? progress.backward_runs : 0);
    }
    return text;
  }

  Time urgency(int task) const {
    const Service& service = services_[static_cast<std::size_t>(task / 2)];
    return service.tail + (task % 2 == 0 ? service.turnaround + service.backward : 0);
  }

  bool search(const State& state) {
    if (is_hopeless(state)) return false;
    if (is_done(state)) return true;
    const std::string state_key = key(state);
    if (failed_.contains(state_key)) return false;
    std::vector<int> available;
    for (int task = 0; task < 2 * static_cast<int>(services_.size()); ++task) {
      if (is_available(state, task)) available.push_back(task);
    }
    // The order affects only the time until a schedule is found.
    std::sort(available.begin(), available.end(),
              [this](int left, int right) { return urgency(left) > urgency(right); });
    for (const int task : available) {
      const State next = after_running(state, task);
      if (!ends_late(next, task) && search(next)) return true;
    }
    // Waiting can pay only when switching costs something; otherwise whatever is available could run instead.
    if (available.empty() || cost_ > 0) {
      State next = state;
      ++next.now;
      if (search(next)) return true;
    }
    failed_.insert(state_key);
    return false;
  }

  std::vector<Service> services_;
  Time cost_;
  bool occupy_;
  std::vector<int> fixed_forward_;
  Time target_ = 0;
  std::unordered_set<std::string> failed_;
};

/// Smallest makespan of one helper with these services; 0 without any.
inline Time brute_force_optimum(std::span<const Service> services, const SwitchRule& rule) {
  return LaneSearch(services, rule).optimum();
}

/// The same when the forward segments are given, without switch costs.
inline Time brute_force_backward(std::span<const Service> services, std::span<const LaneSegment> forward_lane) {
  std::vector<int> service_of_slot;
  for (const LaneSegment& segment : forward_lane) {
    service_of_slot.resize(static_cast<std::size_t>(segment.end), -1);
    std::fill(service_of_slot.begin() + segment.start, service_of_slot.end(), static_cast<int>(segment.service));
  }
  if (service_of_slot.empty()) service_of_slot.push_back(-1);
  LaneSearch search(services, {});
  search.fix_forward(std::move(service_of_slot));
  return search.optimum();
}

}  // namespace splitlane::test
