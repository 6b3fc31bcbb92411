#include "round/assignment_search.hpp"

#include <algorithm>
#include <utility>

#include "round/priority_lane.hpp"

namespace splitlane::round_detail {

AssignmentSearch::AssignmentSearch(const Instance& instance, const BatchCounts& batches, bool preemptive,
                                   Assignment start, PacedStop& pace)
    : instance_(instance),
      batches_(batches),
      preemptive_(preemptive),
      current_(instance, std::move(start)),
      load_(instance.helper_count(), 0),
      pace_(pace) {
  const std::vector<std::vector<LaneClient>> lanes = lane_clients(instance, choice(), batches);
  for (const HelperIndex helper : instance.helpers()) {
    for (const LaneClient& client : lanes[helper.value()])
      load_[helper.value()] += client.batches * client.service.load();
    end_.push_back(simulate(helper, lanes[helper.value()]));
  }
}

std::vector<ClientIndex> AssignmentSearch::served(HelperIndex helper) const {
  std::vector<ClientIndex> clients = current_.served(helper);
  std::sort(clients.begin(), clients.end());
  return clients;
}

LaneClient AssignmentSearch::lane_client(ClientIndex client, OptionIndex option) const {
  return {client, service_of(instance_, option), batches_[client.value()]};
}

Time AssignmentSearch::path(OptionIndex option, ClientIndex client) const {
  return plain_chain(instance_, option, batches_[client.value()]).path();
}

Time AssignmentSearch::load(OptionIndex option, ClientIndex client) const {
  return batches_[client.value()] * instance_.load(option);
}

Time AssignmentSearch::makespan() const {
  Time makespan = *std::max_element(end_.begin(), end_.end());
  for (const ClientIndex client : instance_.clients()) {
    const OptionIndex option = current_.option(client);
    if (instance_.is_local(option)) makespan = std::max(makespan, path(option, client));
  }
  return makespan;
}

Time AssignmentSearch::simulate(HelperIndex helper, const std::vector<LaneClient>& clients) {
  for (const LaneClient& client : clients) budget_ -= client.batches;
  return PriorityLane(clients, switch_rule_of(instance_, helper), preemptive_, pace_).run();
}

void AssignmentSearch::descend(Time target, std::int64_t budget) {
  budget_ = budget;
  try {
    descend_in_time(target);
  } catch (const Stopped&) {
    // A change is made only when both its helpers have been simulated, so the last assignment is whole.
  }
}

void AssignmentSearch::descend_in_time(Time target) {
  while (budget_ > 0) {
    pace_.spend(end_.size() + choice().size());
    const auto latest = std::max_element(end_.begin(), end_.end());
    // Where a client that trains alone is the last, no helper can help.
    if (*latest <= target || *latest < makespan()) return;
    if (!improve(HelperIndex(static_cast<std::size_t>(latest - end_.begin())))) return;
  }
}

bool AssignmentSearch::improve(HelperIndex latest) {
  const Time limit = end_[latest.value()];
  const std::vector<ClientIndex> clients = served(latest);
  for (const bool swapping : {false, true}) {
    for (const ClientIndex client : clients) {
      for (const OptionIndex option : instance_.options(client)) {
        if (budget_ <= 0) return false;
        pace_.spend();
        if (instance_.helper(option) == latest || path(option, client) >= limit) continue;
        if (swapping ? try_swaps(client, option, limit) : try_move(client, option, limit)) return true;
      }
    }
  }
  return false;
}

bool AssignmentSearch::trial(HelperIndex helper, ClientIndex without, ClientIndex with, OptionIndex option, Time limit,
                             Trial& trial) {
  trial.load = load_[helper.value()];
  if (!without.is_none()) trial.load -= load(current_.option(without), without);
  if (!with.is_none()) trial.load += load(option, with);
  if (trial.load >= limit) return false;
  const std::vector<ClientIndex> before = served(helper);
  pace_.spend(before.size());
  std::vector<LaneClient> clients;
  for (const ClientIndex client : before) {
    if (client != without) clients.push_back(lane_client(client, current_.option(client)));
  }
  if (!with.is_none()) {
    const auto place =
        std::find_if(clients.begin(), clients.end(), [with](const LaneClient& client) { return with < client.client; });
    clients.insert(place, lane_client(with, option));
  }
  trial.end = simulate(helper, clients);
  return trial.end < limit;
}

void AssignmentSearch::adopt(HelperIndex helper, const Trial& trial) {
  end_[helper.value()] = trial.end;
  load_[helper.value()] = trial.load;
}

bool AssignmentSearch::try_move(ClientIndex client, OptionIndex option, Time limit) {
  const HelperIndex from = instance_.helper(current_.option(client));
  if (!current_.fits(option)) return false;
  Trial there;
  const bool local = instance_.is_local(option);
  if (!local && !trial(instance_.helper(option), ClientIndex::none(), client, option, limit, there)) return false;
  Trial here;
  if (!trial(from, client, ClientIndex::none(), OptionIndex::none(), limit, here)) return false;
  current_.move(client, option);
  adopt(from, here);
  if (!local) adopt(instance_.helper(option), there);
  return true;
}

bool AssignmentSearch::try_swaps(ClientIndex client, OptionIndex option, Time limit) {
  if (instance_.is_local(option)) return false;
  const HelperIndex from = instance_.helper(current_.option(client));
  for (const ClientIndex other : served(instance_.helper(option))) {
    for (const OptionIndex other_option : instance_.options(other)) {
      if (budget_ <= 0) return false;
      pace_.spend();
      if (instance_.helper(other_option) != from || path(other_option, other) >= limit) continue;
      if (try_swap(client, option, other, other_option, limit)) return true;
    }
  }
  return false;
}

bool AssignmentSearch::try_swap(ClientIndex client, OptionIndex option, ClientIndex other, OptionIndex other_option,
                                Time limit) {
  const OptionIndex old = current_.option(client);
  const OptionIndex other_old = current_.option(other);
  if (!current_.fits_instead(option, other_old) || !current_.fits_instead(other_option, old)) return false;
  Trial here;
  Trial there;
  if (!trial(instance_.helper(old), client, other, other_option, limit, here) ||
      !trial(instance_.helper(option), other, client, option, limit, there)) {
    return false;
  }
  current_.swap(client, option, other, other_option);
  adopt(instance_.helper(old), here);
  adopt(instance_.helper(option), there);
  return true;
}

}  // namespace splitlane::round_detail
