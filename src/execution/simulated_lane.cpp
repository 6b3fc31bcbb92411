#include "execution/simulated_lane.hpp"

#include "base/assert.hpp"
#include "execution/execution.hpp"

namespace splitlane::execution_detail {

SimulatedLane::SimulatedLane(Execution& execution, HelperIndex helper, const SwitchRule& rule,
                             const LaneSettings& settings, std::int64_t layers)
    : execution_(&execution), helper_(helper), rule_(rule), layers_(layers), executor_(settings) {
  clock_.reset(rule.lane_gap());
}

ClientProgress& SimulatedLane::client(Slot slot) const { return execution_->clients_[clients_[slot].value()]; }

SimulatedLane::Slot SimulatedLane::add_client(ClientIndex client) {
  clients_.push_back(client);
  return executor_.add_client();
}

void SimulatedLane::arrive(Slot slot, Time now) {
  ClientProgress& progress = client(slot);
  const bool forward = progress.stage == ClientProgress::Stage::kSends;
  progress.stage = forward ? ClientProgress::Stage::kForward : ClientProgress::Stage::kBackward;
  progress.work = forward ? progress.durations.forward : progress.durations.backward;
  progress.work_done = 0;
  progress.runs = 0;
  if (progress.work > 0) {
    ReadyTask task = execution_->ready_task(clients_[slot], now);
    task.task.client = slot;
    executor_.ready(task);
  } else if (forward) {
    execution_->forward_ended(clients_[slot], now);
  } else {
    execution_->backward_ended(clients_[slot], now);
  }
}

SimulatedLane::Slot SimulatedLane::start(Time /*now*/) {
  SPLITLANE_ASSERT(executor_.has_ready(), helper_.value());
  executor_.next();
  return executor_.running().client;
}

Time SimulatedLane::work_left(Slot slot) const {
  const ClientProgress& progress = client(slot);
  return progress.work - progress.work_done;
}

Time SimulatedLane::work_done(Slot slot, Time now) const {
  const Time running = clock_.runs() && clock_.running() == slot ? now - clock_.running_since() : 0;
  return client(slot).work_done + running;
}

// The end of layer k of G is at floor(k work / G) of the task's lane time; kMostLayers keeps the products in range.
Time SimulatedLane::pause_point(Slot slot, Time start, Time now) const {
  if (layers_ == 0) return now;
  const ClientProgress& progress = client(slot);
  const Time work = progress.work;
  const Time done = progress.work_done + (now - start);
  const Time layer = (done * layers_ + work - 1) / work;
  const Time point = start + work * layer / layers_ - progress.work_done;
  SPLITLANE_ASSERT(point >= now, point, now, start, layers_);
  return point;
}

void SimulatedLane::ran(Slot slot, Time start, Time end, bool ended) {
  ClientProgress& progress = client(slot);
  record(slot, start, end);
  progress.work_done += end - start;
  SPLITLANE_ASSERT(ended ? progress.work_done == progress.work : progress.work_done < progress.work, progress.work_done,
                   progress.work, ended);
  if (!ended) {
    executor_.pause();
    return;
  }
  executor_.ended();
  if (progress.stage == ClientProgress::Stage::kForward) {
    execution_->forward_ended(clients_[slot], end);
  } else {
    execution_->backward_ended(clients_[slot], end);
  }
}

void SimulatedLane::record(Slot slot, Time start, Time end) {
  if (end == start) return;
  ClientProgress& progress = client(slot);
  ++progress.runs;
  if (execution_->trace_ == nullptr) return;
  const Task task = progress.stage == ClientProgress::Stage::kForward ? Task::kForward : Task::kBackward;
  execution_->trace_->lanes[helper_.value()].push_back({clients_[slot], progress.batch, task, start, end});
}

void SimulatedLane::remove(Slot slot, Time now) {
  if (lost_) return;
  clock_.forget(slot);
  if (!executor_.lost(slot)) return;
  record(slot, clock_.running_since(), now);
  clock_.abandon(now);
}

void SimulatedLane::lose(Time now) {
  lost_ = true;
  if (clock_.runs()) record(clock_.running(), clock_.running_since(), now);
}

void SimulatedLane::plan_again(Time now) {
  // It still holds what it was doing, of clients that have gone elsewhere since.
  if (lost_) return;
  executor_.plan_again([&](ReadyTask& task) {
    const Time ready = task.ready;
    const std::uint32_t slot = task.task.client;
    task = execution_->ready_task(clients_[slot], ready);
    task.task.client = slot;
  });
  clock_.reconsider(*this, now);
}

}  // namespace splitlane::execution_detail
