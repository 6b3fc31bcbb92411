#include "round/priority_lane.hpp"

#include <algorithm>

#include "schedule/list_schedule.hpp"

namespace splitlane::round_detail {

PriorityLane::PriorityLane(const std::vector<LaneClient>& clients, const SwitchRule& rule, bool preemptive,
                           PacedStop& pace)
    : clients_(clients), recorder_(rule), pace_(pace) {
  // Each further run delays the client once more, so it becomes more urgent by as much.
  dispatcher_.reset(preemptive ? worthwhile_margin(rule) : kNeverPreempt, rule.run_delay());
  clock_.reset(rule.lane_gap());
  for (const LaneClient& client : clients) {
    pace_.spend();
    chains_.emplace_back(client.service, rule, client.batches);
    periods_.push_back(plain_chain(client.service, rule, client.batches).period());
  }
}

Time PriorityLane::run() {
  for (std::size_t index = 0; index < chains_.size(); ++index) expect(static_cast<Slot>(index));
  clock_.advance(*this);
  Time end = 0;
  for (const ChainProgress& chain : chains_) end = std::max(end, chain.completion());
  return end;
}

void PriorityLane::expect(Slot slot) {
  if (!chains_[slot].finished()) clock_.expect(chains_[slot].ready(), slot);
}

Time PriorityLane::priority(Slot slot) const {
  const ChainProgress& chain = chains_[slot];
  const Service& service = clients_[slot].service;
  const Time tail =
      chain.task() == Task::kForward ? service.turnaround + service.backward + service.tail : service.tail;
  return chain.batches_left() * periods_[slot] + tail;
}

void PriorityLane::ran(Slot slot, Time start, Time end, bool ended) {
  pace_.spend();
  recorder_.run(clients_[slot].client, chains_[slot], start, end - start);
  if (ended) {
    expect(slot);
  } else {
    dispatcher_.pause();
  }
}

}  // namespace splitlane::round_detail
