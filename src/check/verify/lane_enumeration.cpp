#include "check/verify/lane_enumeration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>

namespace splitlane::verify_detail {

namespace {

// What a state costs beside the loops over its tasks, in steps of work: it is kept, and looked for among all others.
constexpr std::uint64_t kStepsOfState = 250;

/// A task of the helper at some instant.
struct Job {
  Time work = 0;              ///< left
  std::optional<Time> ready;  ///< of a backward: known once its forward is over
  Time charge = 0;            ///< of the runs so far
  bool held = false;          ///< was interrupted; goes on only behind a run that starts exactly when its task is ready
};

/// A run that was ended before its task was.
struct Interruption {
  std::size_t job;
  Time start;
};

/// The lane up to some instant, as far as what follows depends on it. Job 2k is the forward of option k, 2k + 1 its
/// backward.
struct LaneState {
  Time end = 0;  ///< of the last run
  std::optional<Interruption> interruption;
  std::array<Job, 2 * kMostExhaustiveOptions> jobs;
};

struct Demand {
  Time head;
  Time deadline;
  Time work;
};

class LaneEnumeration {
 public:
  LaneEnumeration(const std::vector<OptionIndex>& options, Scene& scene)
      : instance_(scene.instance), options_(options), scene_(scene) {
    const Time cost = instance_.switch_cost(instance_.helper(options.front()));
    const bool occupies = instance_.switch_model() == SwitchModel::kOccupy;
    gap_ = occupies ? cost : 0;
    charge_ = occupies ? 0 : 2 * cost;
  }

  bool finds_lane() {
    LaneState empty;
    for (std::size_t option = 0; option < options_.size(); ++option) {
      Job& forward = empty.jobs[2 * option];
      Job& backward = empty.jobs[2 * option + 1];
      forward.work = instance_.forward(options_[option]);
      backward.work = instance_.backward(options_[option]);
      forward.ready = instance_.release(options_[option]);
      if (forward.work > 0) continue;
      backward.ready = *forward.ready + turnaround(option);
      if (backward.work == 0 && *backward.ready + tail(option) > scene_.makespan) return false;
    }
    return can_go_on(empty);
  }

 private:
  std::size_t job_count() const { return 2 * options_.size(); }
  static bool is_forward(std::size_t job) { return job % 2 == 0; }
  Time tail(std::size_t option) const { return instance_.tail(options_[option]); }
  Time turnaround(std::size_t option) const {
    return instance_.client_forward(options_[option]) + instance_.client_backward(options_[option]);
  }

  // When the job's next run must end if no other one follows.
  Time deadline(const LaneState& state, std::size_t job) const {
    const Time charge = state.jobs[job].charge + charge_;
    const Time completion = scene_.makespan - tail(job / 2);
    if (!is_forward(job)) return completion - charge;
    const Time backward = instance_.backward(options_[job / 2]);
    if (backward == 0) return completion - turnaround(job / 2) - charge;
    return completion - charge_ - backward - std::max(turnaround(job / 2) + charge, gap_);
  }

  // When the job is ready, at the earliest.
  Time readiness(const LaneState& state, std::size_t job) const {
    if (state.jobs[job].ready) return *state.jobs[job].ready;
    const Job& forward = state.jobs[job - 1];
    const Time end = std::max(state.end + gap_, *forward.ready) + forward.work;
    return end + std::max(turnaround(job / 2) + forward.charge + charge_, gap_);
  }

  // Whether what is left, each job in one run with its gap, is too much between some head and some deadline.
  bool is_overloaded(const LaneState& state) const {
    std::vector<Demand> demands;
    for (std::size_t job = 0; job < job_count(); ++job) {
      const Job& left = state.jobs[job];
      if (left.work == 0) continue;
      const Time head = std::max(state.end, readiness(state, job) - gap_);
      demands.push_back({head, deadline(state, job), left.work + gap_});
    }
    std::sort(demands.begin(), demands.end(),
              [](const Demand& left, const Demand& right) { return left.head > right.head; });
    // From the latest head on: what each deadline has to hold.
    std::vector<Demand> by_deadline;
    for (const Demand& demand : demands) {
      by_deadline.insert(std::find_if(by_deadline.begin(), by_deadline.end(),
                                      [&](const Demand& other) { return other.deadline >= demand.deadline; }),
                         demand);
      Time work = 0;
      for (const Demand& held : by_deadline) {
        work += held.work;
        if (demand.head + work > held.deadline) return true;
      }
    }
    return false;
  }

  // Held jobs need a run that starts exactly when its task is ready, and there may be none to come.
  bool holds_for_ever(const LaneState& state) const {
    bool is_held = false;
    for (std::size_t job = 0; job < job_count(); ++job) {
      const Job& left = state.jobs[job];
      is_held = is_held || left.held;
      if (left.work == 0 || left.held) continue;
      if (left.ready ? *left.ready >= state.end + gap_ : !state.jobs[job - 1].held) return false;
    }
    return is_held;
  }

  // Everything that tells a state from another.
  std::vector<Time> key(const LaneState& state) const {
    std::vector<Time> numbers = {state.end};
    if (state.interruption) {
      numbers.insert(numbers.end(), {static_cast<Time>(state.interruption->job), state.interruption->start});
    }
    for (std::size_t job = 0; job < job_count(); ++job) {
      const Job& left = state.jobs[job];
      numbers.push_back(left.work);
      if (left.work == 0) continue;
      numbers.insert(numbers.end(), {left.ready.value_or(-1), left.charge, left.held ? 1 : 0});
    }
    return numbers;
  }

  // Rule E5.
  bool can_go_on(const LaneState& state) {
    ++scene_.report.lane_states;
    if (++states_ > kExhaustiveStateLimit) {
      give_up(fmt::format("an exhaustive proof of more than {} states", kExhaustiveStateLimit));
    }
    scene_.effort.spend(kStepsOfState + job_count() * job_count());
    if (is_overloaded(state) || holds_for_ever(state) || !seen_.insert(key(state)).second) return false;
    bool is_done = true;
    for (std::size_t job = 0; job < job_count(); ++job) {
      const Job& next = state.jobs[job];
      if (next.work == 0) continue;
      is_done = false;
      if (!next.held && next.ready && may_start(state, job) && can_run(state, job)) return true;
    }
    return is_done;
  }

  // Rule E2.
  bool may_start(const LaneState& state, std::size_t job) const {
    const Time ready = *state.jobs[job].ready;
    const Time free = state.end + gap_;
    if (state.interruption) {
      return ready <= free && (ready > state.interruption->start || job > state.interruption->job);
    }
    if (ready <= free) return true;
    for (std::size_t other = 0; other < job_count(); ++other) {
      const Job& waiting = state.jobs[other];
      if (other == job || waiting.work == 0 || !waiting.ready) continue;
      if (std::max(free, *waiting.ready) + waiting.work + gap_ <= ready) return false;
    }
    return true;
  }

  // Rule E3.
  bool can_run(const LaneState& before, std::size_t job) {
    LaneState state = before;
    Job& run = state.jobs[job];
    const Time start = std::max(before.end + gap_, *run.ready);
    if (start == *run.ready) {
      for (Job& other : state.jobs) other.held = false;
    }
    const bool has_to_end_early = before.interruption && *run.ready <= before.interruption->start;
    run.charge += charge_;
    return (!has_to_end_early && can_finish(state, job, start, deadline(before, job))) ||
           can_be_interrupted(state, job, start);
  }

  bool can_finish(LaneState state, std::size_t job, Time start, Time deadline) {
    Job& run = state.jobs[job];
    state.end = start + run.work;
    if (state.end > deadline) return false;
    run.work = 0;
    state.interruption.reset();
    if (is_forward(job)) state.jobs[job + 1].ready = state.end + turnaround(job / 2) + run.charge;
    return can_go_on(state);
  }

  // Rule E4.
  bool can_be_interrupted(LaneState state, std::size_t job, Time start) {
    std::optional<Time> first;
    for (std::size_t other = 0; other < job_count(); ++other) {
      const Job& next = state.jobs[other];
      if (other == job || next.work == 0 || next.held || !next.ready) continue;
      if (*next.ready <= start && other < job) continue;
      const Time end = std::max(start + 1, *next.ready - gap_);
      first = first ? std::min(*first, end) : end;
    }
    if (!first) return false;
    const Time whole_end = start + state.jobs[job].work;
    state.jobs[job].held = true;
    state.interruption = Interruption{job, start};
    for (state.end = *first; state.end < whole_end; ++state.end) {
      state.jobs[job].work = whole_end - state.end;
      if (can_go_on(state)) return true;
    }
    return false;
  }

  const Instance& instance_;
  const std::vector<OptionIndex>& options_;
  Scene& scene_;
  Time gap_ = 0;
  Time charge_ = 0;
  std::uint64_t states_ = 0;
  std::set<std::vector<Time>> seen_;
};

}  // namespace

void enumerate_lanes(const std::vector<OptionIndex>& options, Scene& scene) {
  if (options.size() > kMostExhaustiveOptions) {
    give_up(
        fmt::format("an exhaustive proof about {} options, the limit is {}", options.size(), kMostExhaustiveOptions));
  }
  if (LaneEnumeration(options, scene).finds_lane()) {
    refuse(fmt::format("a lane of the options ends by {}", scene.makespan));
  }
}

}  // namespace splitlane::verify_detail
