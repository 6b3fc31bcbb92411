#include "round/chain.hpp"
#include "round/priority_lane.hpp"
#include "round/ways.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

using namespace round_detail;

Round round_detail::priority_round(const Instance& instance, const std::vector<OptionIndex>& choice,
                                   const BatchCounts& batches, bool preemptive, PacedStop& pace) {
  Round round;
  round.way = RoundWay::kPriority;
  round.choice = choice;
  round.batches = batches;
  round.completion.assign(instance.client_count(), 0);
  const std::vector<std::vector<LaneClient>> served = lane_clients(instance, choice, batches);
  for (const HelperIndex helper : instance.helpers()) {
    const std::vector<LaneClient>& clients = served[helper.value()];
    PriorityLane lane(clients, switch_rule_of(instance, helper), preemptive, pace);
    lane.run();
    for (std::size_t index = 0; index < clients.size(); ++index) {
      round.completion[clients[index].client.value()] = lane.completion(index);
    }
    round.lanes.push_back(lane.take());
  }
  add_local_clients(instance, round);
  return round;
}

Round round_by_priority(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches,
                        bool preemptive) {
  require_round(instance, batches);
  PacedStop pace({});
  return priority_round(instance, choice, batches, preemptive, pace);
}

}  // namespace splitlane
