#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>

#include "round/chain.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

using namespace round_detail;

constexpr Time kNever = std::numeric_limits<Time>::max() / 4;

/// Event simulation of one helper over the whole round. A client has one task at a time, so every queue is as short as
/// the list of clients.
class PriorityLane {
 public:
  PriorityLane(const Instance& instance, HelperIndex helper, const std::vector<LaneClient>& clients,
               const std::vector<OptionIndex>& choice, bool preemptive)
      : clients_(clients),
        rule_(switch_rule_of(instance, helper)),
        // As coupled Jackson does: a preemption costs one restart of the newcomer and one of the interrupted task.
        margin_(preemptive ? 2 * rule_.cost : kNever),
        recorder_(rule_) {
    for (const LaneClient& client : clients) {
      chains_.emplace_back(client.service, rule_, client.batches);
      periods_.push_back(plain_chain(instance, choice[client.client.value()], client.batches).period());
    }
  }

  void run() {
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
  }

  Time completion(std::size_t index) const { return chains_[index].completion(); }
  std::vector<BatchSegment> take() { return recorder_.take(); }

 private:
  struct Ready {
    Time priority = 0;
    std::size_t index = 0;
    bool operator<(const Ready& other) const {
      return std::tie(priority, other.index) < std::tie(other.priority, index);
    }
  };
  using Arrival = std::pair<Time, std::size_t>;

  void expect(std::size_t index) {
    if (!chains_[index].finished()) arrivals_.emplace(chains_[index].ready(), index);
  }

  Time priority(std::size_t index) const {
    const ChainProgress& chain = chains_[index];
    const Service& service = clients_[index].service;
    const Time tail =
        chain.task() == Task::kForward ? service.turnaround + service.backward + service.tail : service.tail;
    return chain.batches_left() * periods_[index] + tail;
  }

  void admit_until(Time now) {
    while (!arrivals_.empty() && arrivals_.top().first <= now) {
      const std::size_t index = arrivals_.top().second;
      arrivals_.pop();
      ready_.push({priority(index), index});
    }
  }

  // Runs the most urgent task from `start` until it ends or is beaten; returns when that is.
  Time run_first(Time start) {
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

  const std::vector<LaneClient>& clients_;
  SwitchRule rule_;
  Time margin_;
  std::vector<ChainProgress> chains_;
  std::vector<Time> periods_;
  LaneRecorder recorder_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<>> arrivals_;
  std::priority_queue<Ready> ready_;
};

}  // namespace

Round round_by_priority(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches,
                        bool preemptive) {
  require_round(instance, batches);
  Round round;
  round.way = RoundWay::kPriority;
  round.choice = choice;
  round.batches = batches;
  round.completion.assign(instance.client_count(), 0);
  const std::vector<std::vector<LaneClient>> served = lane_clients(instance, choice, batches);
  for (const HelperIndex helper : instance.helpers()) {
    const std::vector<LaneClient>& clients = served[helper.value()];
    PriorityLane lane(instance, helper, clients, choice, preemptive);
    lane.run();
    for (std::size_t index = 0; index < clients.size(); ++index) {
      round.completion[clients[index].client.value()] = lane.completion(index);
    }
    round.lanes.push_back(lane.take());
  }
  add_local_clients(instance, round);
  return round;
}

}  // namespace splitlane
