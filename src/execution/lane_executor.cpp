#include "splitlane/execution/lane_executor.hpp"

#include <fmt/format.h>

#include <array>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr std::array<std::string_view, 6> kReasons = {"nothing-ready",  "most-urgent",   "goes-on",
                                                      "gain-too-small", "may-not-pause", "preempts"};

}  // namespace

std::string_view lane_reason_name(NextTask::Reason reason) { return kReasons.at(static_cast<std::size_t>(reason)); }

LaneExecutor::LaneExecutor(const LaneSettings& settings, std::size_t clients) : settings_(settings), held_(clients) {
  const bool follows_plan = settings.rule == ExecutionRule::kPlanned;
  dispatcher_.reset(settings.preemptive ? settings.pause_cost : kNeverPreempt, follows_plan ? 0 : settings.pause_gain);
}

std::uint32_t LaneExecutor::add_client() {
  held_.emplace_back();
  return static_cast<std::uint32_t>(held_.size() - 1);
}

Time LaneExecutor::urgency(const ReadyTask& task) const {
  switch (settings_.rule) {
    case ExecutionRule::kPlanned: return -task.planned_end;
    case ExecutionRule::kFirstCome: return -task.ready;
    case ExecutionRule::kLongestTail: return task.tail;
    case ExecutionRule::kLongestPath: return task.path;
  }
  return 0;
}

// A pause that the plan makes too is paid for already.
Time LaneExecutor::margin() const {
  if (!settings_.preemptive) return kNeverPreempt;
  const bool planned =
      settings_.rule == ExecutionRule::kPlanned && held_[dispatcher_.running()].task.planned_pauses > 0;
  return planned ? 0 : settings_.pause_cost;
}

void LaneExecutor::ready(const ReadyTask& task) {
  const std::uint32_t client = task.task.client;
  if (client >= held_.size() || held_[client].state != State::kAbsent) {
    throw Error(ErrorCode::kUsage,
                {"lane", "a task of a client that is unknown or has one there already",
                 fmt::format("client {}", client), fmt::format("a number below {} without a task", held_.size())});
  }
  held_[client] = {task, State::kReady};
  dispatcher_.admit(urgency(task), client);
}

NextTask LaneExecutor::next() {
  if (runs_) {
    throw Error(ErrorCode::kUsage, {"lane", "asked what to run while a task runs", "", "its end or a pause before"});
  }
  if (!dispatcher_.has_ready()) return {};
  Held& held = held_[dispatcher_.start()];
  held.state = State::kRuns;
  runs_ = true;
  return {NextTask::Reason::kMostUrgent, held.task.task, std::nullopt};
}

NextTask LaneExecutor::at_pause_point() {
  require_running();
  const LaneTask now = running();
  if (should_pause()) {
    pause();
    return {NextTask::Reason::kPreempts, next().task, now};
  }
  if (!dispatcher_.beaten(0)) return {NextTask::Reason::kGoesOn, now, std::nullopt};
  const NextTask::Reason reason =
      settings_.preemptive ? NextTask::Reason::kGainTooSmall : NextTask::Reason::kMayNotPause;
  return {reason, now, most_urgent()};
}

void LaneExecutor::pause() {
  require_running();
  Held& held = held_[dispatcher_.running()];
  if (held.task.planned_pauses > 0) --held.task.planned_pauses;
  held.state = State::kReady;
  runs_ = false;
  dispatcher_.pause();
}

void LaneExecutor::ended() {
  require_running();
  held_[dispatcher_.running()].state = State::kAbsent;
  runs_ = false;
}

bool LaneExecutor::lost(std::uint32_t client) {
  if (client >= held_.size()) return false;
  const State state = held_[client].state;
  held_[client].state = State::kAbsent;
  if (state == State::kReady) dispatcher_.withdraw(client);
  if (state == State::kRuns) runs_ = false;
  return state == State::kRuns;
}

void LaneExecutor::require_running() const {
  if (runs_) return;
  throw Error(ErrorCode::kUsage, {"lane", "no task runs", "", "one that was started"});
}

}  // namespace splitlane
