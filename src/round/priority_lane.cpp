#include "round/priority_lane.hpp"

#include <algorithm>
#include <limits>

namespace splitlane::round_detail {

namespace {

constexpr Time kNever = std::numeric_limits<Time>::max() / 4;

}  // namespace

PriorityLane::PriorityLane(const std::vector<LaneClient>& clients, const SwitchRule& rule, bool preemptive)
    : clients_(clients),
      rule_(rule),
      // As coupled Jackson does: a preemption costs one restart of the newcomer and one of the interrupted task.
      margin_(preemptive ? 2 * rule.cost : kNever),
      recorder_(rule) {
  for (const LaneClient& client : clients) {
    chains_.emplace_back(client.service, rule, client.batches);
    periods_.push_back(plain_chain(client.service, rule, client.batches).period());
  }
}

Time PriorityLane::run() {
  for (std::size_t index = 0; index < chains_.size(); ++index) expect(index);
  Time now = 0;
  while (!arrivals_.empty() || !ready_.empty()) {
    admit_until(now);
    if (ready_.empty()) {
      now = std::max(now, arrivals_.top().first);
      continue;
    }
    // Whoever runs next has not run last (a task that was interrupted has just been beaten), so the gap stands before
    // it; who arrives meanwhile competes.
    if (now < recorder_.earliest_switch()) {
      now = recorder_.earliest_switch();
      continue;
    }
    now = run_first(now);
  }
  Time end = 0;
  for (const ChainProgress& chain : chains_) end = std::max(end, chain.completion());
  return end;
}

void PriorityLane::expect(std::size_t index) {
  if (!chains_[index].finished()) arrivals_.emplace(chains_[index].ready(), index);
}

Time PriorityLane::priority(std::size_t index) const {
  const ChainProgress& chain = chains_[index];
  const Service& service = clients_[index].service;
  const Time tail =
      chain.task() == Task::kForward ? service.turnaround + service.backward + service.tail : service.tail;
  return chain.batches_left() * periods_[index] + tail;
}

void PriorityLane::admit_until(Time now) {
  while (!arrivals_.empty() && arrivals_.top().first <= now) {
    const std::size_t index = arrivals_.top().second;
    arrivals_.pop();
    ready_.push({priority(index), index});
  }
}

// Runs the most urgent task from `start` until it ends or is beaten; returns when that is.
Time PriorityLane::run_first(Time start) {
  Ready running = ready_.top();
  ready_.pop();
  ChainProgress& chain = chains_[running.index];
  Time end = start + chain.work_left();
  while (!arrivals_.empty() && arrivals_.top().first < end) {
    const Time now = arrivals_.top().first;
    admit_until(now);
    if (ready_.top().priority - margin_ > running.priority) end = now;
  }
  const Time left = chain.work_left() - (end - start);
  recorder_.run(clients_[running.index].client, chain, start, end - start);
  if (left == 0) {
    expect(running.index);
  } else {
    // Each further run delays the client once more, so it becomes more urgent by as much.
    running.priority += rule_.run_delay();
    ready_.push(running);
  }
  return end;
}

}  // namespace splitlane::round_detail
