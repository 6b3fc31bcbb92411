#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "splitlane/execution/dispatcher.hpp"
#include "splitlane/plan/segment.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane {

/// A task on a lane. Clients are numbered as the lane knows them, from 0.
struct LaneTask {
  std::uint32_t client = 0;
  std::int64_t batch = 0;  ///< from 0
  Task task = Task::kForward;
  bool operator==(const LaneTask&) const = default;
};

/// A task that may run from now on, and what the rules need to know of it; all times in one unit of the caller's.
struct ReadyTask {
  LaneTask task;
  Time ready = 0;                    ///< when it became ready (`first-come`)
  Time planned_end = 0;              ///< (`planned`)
  Time tail = 0;                     ///< what must follow within the batch (`longest-tail`)
  Time path = 0;                     ///< what must follow within the round (`longest-path`)
  std::uint32_t planned_pauses = 0;  ///< how often the plan pauses it
};

/// How a lane is to be run.
struct LaneSettings {
  ExecutionRule rule = ExecutionRule::kPlanned;
  bool preemptive = true;  ///< false: a task that has begun runs to its end
  /// A pause that the plan does not make must gain more than this: twice the switch cost, since the newcomer and later
  /// the paused task each start once more.
  Time pause_cost = 0;
  /// By how much each pause makes a task more urgent under the rules that do not follow a plan.
  Time pause_gain = 0;
};

/// What a lane does next, and why.
struct NextTask {
  enum class Reason : std::uint8_t {
    kNothingReady,  ///< the lane waits
    kMostUrgent,    ///< runs: the most urgent of the ready tasks
    kGoesOn,        ///< the running task goes on: no ready task is more urgent
    kGainTooSmall,  ///< the running task goes on: `other` is more urgent, but a pause costs more than it gains
    kMayNotPause,   ///< the running task goes on: `other` is more urgent, but the lane may not preempt
    kPreempts,      ///< runs, and `other` was paused for it
  };
  Reason reason = Reason::kNothingReady;
  std::optional<LaneTask> task;   ///< what runs; absent when the lane waits
  std::optional<LaneTask> other;  ///< see `reason`
};

/// "nothing-ready", "most-urgent", "goes-on", "gain-too-small", "may-not-pause", "preempts".
std::string_view lane_reason_name(NextTask::Reason reason);

/// One helper's lane as a state machine: no clock, no thread, no socket, no tensor. The caller says which tasks became
/// ready, when the running one reaches a point at which it can be paused, and when it ends; the lane says what runs.
/// The simulation drives it with a virtual clock, a helper with a real one.
///
///     lane.ready(task);                          // any number, at any time
///     NextTask what = lane.next();               // when the lane is free
///     NextTask what = lane.at_pause_point();     // when the running task could be paused: after a layer
///     lane.ended();                              // then next() again
///
/// Rule `planned` runs the earliest planned end first; docs/how_it_works.md proves that no task then ends after its
/// planned end where nothing takes longer than planned and switching is free. A client has one task at a time, so a
/// client costs constant memory. Equally urgent tasks go by the client's number. Raises kUsage when the calls do not
/// fit together (a client that is ready twice, no task that runs). O(log clients) a call, but for `lost` and
/// `plan_again`, which are O(clients).
class LaneExecutor {
 public:
  explicit LaneExecutor(const LaneSettings& settings, std::size_t clients = 0);

  /// A further client; returns its number.
  std::uint32_t add_client();
  std::size_t client_count() const { return held_.size(); }

  void ready(const ReadyTask& task);
  /// The lane is free: what runs now.
  NextTask next();
  /// The running task may be paused here: what runs now, it or another.
  NextTask at_pause_point();
  /// The running task has ended, and the lane is free.
  void ended();
  /// The client's task is dropped, be it ready or running. True when it ran, so that the lane is free.
  bool lost(std::uint32_t client);

  /// Takes new planned ends (and pauses) for all tasks that are ready or running: `renew` changes each where it is.
  template <class Renew>
  void plan_again(const Renew& renew) {
    for (auto& held : held_) {
      if (held.state != State::kAbsent) renew(held.task);
    }
    dispatcher_.reprioritise([this](std::uint32_t client) { return urgency(held_[client].task); });
    if (runs_) dispatcher_.set_running_priority(urgency(held_[dispatcher_.running()].task));
  }

  bool has_ready() const { return dispatcher_.has_ready(); }
  /// Of the running task; there must be one.
  const LaneTask& running() const { return held_[dispatcher_.running()].task.task; }
  /// At a pause point the running task would be paused.
  bool should_pause() const { return dispatcher_.beaten(margin()); }
  /// The running task waits again, and the lane is free.
  void pause();

 private:
  enum class State : std::uint8_t { kAbsent, kReady, kRuns };
  struct Held {
    ReadyTask task;
    State state = State::kAbsent;
  };

  Time urgency(const ReadyTask& task) const;
  Time margin() const;
  const LaneTask& most_urgent() const { return held_[dispatcher_.most_urgent()].task.task; }
  void require_running() const;

  LaneSettings settings_;
  Dispatcher dispatcher_;
  std::vector<Held> held_;  // by client
  bool runs_ = false;
};

}  // namespace splitlane
