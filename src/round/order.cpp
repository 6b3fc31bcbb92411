#include <algorithm>

#include "round/chain.hpp"
#include "round/replay.hpp"
#include "round/ways.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

using namespace round_detail;

Round round_detail::order_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                                PacedStop& pace) {
  Round round;
  round.way = RoundWay::kOrder;
  round.choice = schedule.choice;
  round.batches = batches;
  round.completion.assign(instance.client_count(), 0);
  const std::vector<std::vector<LaneClient>> served = lane_clients(instance, schedule.choice, batches);
  for (const HelperIndex helper : instance.helpers()) {
    const std::vector<LaneClient>& clients = served[helper.value()];
    LaneReplay replay(clients, switch_rule_of(instance, helper), schedule.segments.lane(helper), pace);
    while (!replay.finished()) replay.replay_batch();
    for (std::size_t position = 0; position < clients.size(); ++position) {
      round.completion[clients[position].client.value()] = replay.chain(position).completion();
    }
    round.lanes.push_back(replay.take());
  }
  add_local_clients(instance, round);
  return round;
}

Round round_in_order(const Instance& instance, const Schedule& schedule, const BatchCounts& batches) {
  require_round(instance, batches);
  PacedStop pace({});
  return order_round(instance, schedule, batches, pace);
}

}  // namespace splitlane
