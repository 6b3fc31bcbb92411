#include "round/assignment_search.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "round/priority_lane.hpp"

namespace splitlane::round_detail {

AssignmentSearch::AssignmentSearch(const Instance& instance, const BatchCounts& batches, bool preemptive,
                                   Assignment start, PacedStop& pace)
    : instance_(instance),
      batches_(batches),
      preemptive_(preemptive),
      choice_(std::move(start)),
      ledger_(instance),
      served_(lane_clients(instance, choice_, batches)),
      load_(instance.helper_count(), 0),
      pace_(pace) {
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice_[client.value()];
    if (instance.is_local(option)) continue;
    ledger_.take(option);
    load_[instance.helper(option).value()] += load(option, client);
  }
  for (const HelperIndex helper : instance.helpers()) end_.push_back(simulate(helper, served_[helper.value()]));
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
    const OptionIndex option = choice_[client.value()];
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
    pace_.spend(end_.size() + choice_.size());
    const auto latest = std::max_element(end_.begin(), end_.end());
    // Where a client that trains alone is the last, no helper can help.
    if (*latest <= target || *latest < makespan()) return;
    if (!improve(HelperIndex(static_cast<std::size_t>(latest - end_.begin())))) return;
  }
}

bool AssignmentSearch::improve(HelperIndex latest) {
  const Time limit = end_[latest.value()];
  const std::vector<LaneClient> clients = served_[latest.value()];
  for (const bool swapping : {false, true}) {
    for (const LaneClient& client : clients) {
      for (const OptionIndex option : instance_.options(client.client)) {
        if (budget_ <= 0) return false;
        pace_.spend();
        if (instance_.helper(option) == latest || path(option, client.client) >= limit) continue;
        if (swapping ? try_swaps(client.client, option, limit) : try_move(client.client, option, limit)) return true;
      }
    }
  }
  return false;
}

bool AssignmentSearch::trial(HelperIndex helper, ClientIndex without, ClientIndex with, OptionIndex option, Time limit,
                             Trial& trial) {
  Time work = load_[helper.value()];
  if (!without.is_none()) work -= load(choice_[without.value()], without);
  if (!with.is_none()) work += load(option, with);
  if (work >= limit) return false;
  trial.clients.clear();
  pace_.spend(served_[helper.value()].size());
  for (const LaneClient& client : served_[helper.value()]) {
    if (client.client != without) trial.clients.push_back(client);
  }
  if (!with.is_none()) {
    const LaneClient newcomer{with, service_of(instance_, option), batches_[with.value()]};
    const auto place = std::find_if(trial.clients.begin(), trial.clients.end(),
                                    [with](const LaneClient& client) { return with < client.client; });
    trial.clients.insert(place, newcomer);
  }
  trial.end = simulate(helper, trial.clients);
  return trial.end < limit;
}

void AssignmentSearch::adopt(HelperIndex helper, Trial& trial) {
  served_[helper.value()] = std::move(trial.clients);
  end_[helper.value()] = trial.end;
  load_[helper.value()] = 0;
  const auto by_client = [](const LaneClient& left, const LaneClient& right) { return left.client < right.client; };
  SPLITLANE_ASSERT(std::is_sorted(served_[helper.value()].begin(), served_[helper.value()].end(), by_client),
                   helper.value());
  for (const LaneClient& client : served_[helper.value()]) {
    load_[helper.value()] += client.batches * client.service.load();
  }
}

bool AssignmentSearch::try_move(ClientIndex client, OptionIndex option, Time limit) {
  const OptionIndex old = choice_[client.value()];
  const HelperIndex from = instance_.helper(old);
  if (!ledger_.fits(option)) return false;
  Trial there;
  const bool local = instance_.is_local(option);
  if (!local && !trial(instance_.helper(option), ClientIndex::none(), client, option, limit, there)) return false;
  Trial here;
  if (!trial(from, client, ClientIndex::none(), OptionIndex::none(), limit, here)) return false;
  ledger_.give_back(old);
  if (!local) ledger_.take(option);
  choice_[client.value()] = option;
  adopt(from, here);
  if (!local) adopt(instance_.helper(option), there);
  return true;
}

bool AssignmentSearch::try_swaps(ClientIndex client, OptionIndex option, Time limit) {
  if (instance_.is_local(option)) return false;
  const HelperIndex from = instance_.helper(choice_[client.value()]);
  const std::vector<LaneClient> others = served_[instance_.helper(option).value()];
  for (const LaneClient& other : others) {
    for (const OptionIndex other_option : instance_.options(other.client)) {
      if (budget_ <= 0) return false;
      pace_.spend();
      if (instance_.helper(other_option) != from || path(other_option, other.client) >= limit) continue;
      if (try_swap(client, option, other.client, other_option, limit)) return true;
    }
  }
  return false;
}

bool AssignmentSearch::try_swap(ClientIndex client, OptionIndex option, ClientIndex other, OptionIndex other_option,
                                Time limit) {
  const OptionIndex old = choice_[client.value()];
  const OptionIndex other_old = choice_[other.value()];
  ledger_.give_back(old);
  ledger_.give_back(other_old);
  const bool fits = ledger_.fits(option) && ledger_.fits(other_option);
  Trial here;
  Trial there;
  const bool better = fits && trial(instance_.helper(old), client, other, other_option, limit, here) &&
                      trial(instance_.helper(option), other, client, option, limit, there);
  ledger_.take(better ? option : old);
  ledger_.take(better ? other_option : other_old);
  if (!better) return false;
  choice_[client.value()] = option;
  choice_[other.value()] = other_option;
  adopt(instance_.helper(old), here);
  adopt(instance_.helper(option), there);
  return true;
}

}  // namespace splitlane::round_detail
