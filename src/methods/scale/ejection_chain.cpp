#include "methods/scale/ejection_chain.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane {

namespace {

constexpr std::size_t kMostLinks = 3000;  // helpers looked at for one chain
constexpr std::uint32_t kFar = 1000;      // links to a helper with room, where none is known

}  // namespace

EjectionChains::EjectionChains(ServedClients& served, std::span<const float> regret, MoveBudget& budget,
                               const StopCondition& stop)
    : served_(served),
      regret_(regret),
      budget_(budget),
      stop_(stop),
      to_room_(served.instance().helper_count(), kFar),
      reached_in_(served.instance().helper_count(), 0),
      candidate_(served.instance().helper_count()) {}

// The helper where the client of this option is served.
HelperIndex EjectionChains::served_at(OptionIndex option) const {
  const ClientIndex client = served_.option(option).client;
  return served_.option(served_.choice()[client.value()]).helper;
}

void EjectionChains::label(OptionIndex option, std::uint32_t links) {
  const HelperIndex helper = served_at(option);
  if (helper.is_none() || to_room_[helper.value()] != kFar) return;
  to_room_[helper.value()] = links;
  labelled_.push_back(helper);
}

void EjectionChains::find_room(Time target) {
  target_ = target;
  std::fill(to_room_.begin(), to_room_.end(), kFar);
  labelled_.clear();
  for (const HelperIndex helper : served_.instance().helpers()) {
    if (stop_.reached()) break;
    for (const OptionIndex option : served_.options_on(helper)) {
      if (has_room(served_.option(option))) label(option, 1);
    }
  }
  std::size_t seen = 0;
  while (seen < labelled_.size() && !stop_.reached()) {
    const HelperIndex helper = labelled_[seen++];
    for (const OptionIndex option : served_.options_on(helper)) label(option, to_room_[helper.value()] + 1);
  }
}

void EjectionChains::open(std::uint32_t position) {
  open_.push_back({links_[position].depth + to_room_[links_[position].helper.value()], position});
  std::push_heap(open_.begin(), open_.end());
}

bool EjectionChains::can_leave(const Link& link, const ServedClients::Option& leaving) const {
  if (link.option.is_none()) return leaving.load > 0;
  const ServedClients::Option& arriving = served_.option(link.option);
  const Time end = served_.end(link.helper);
  return end + arriving.load - leaving.load <= std::max(end, target_) &&
         arriving.demand - leaving.demand <= served_.free_memory(link.helper);
}

bool EjectionChains::has_room(const ServedClients::Option& arriving) const {
  return served_.end(arriving.helper) + arriving.load <= target_ &&
         arriving.demand <= served_.free_memory(arriving.helper);
}

void EjectionChains::consider(OptionIndex chosen, OptionIndex option) {
  const ServedClients::Option& to = served_.option(option);
  if (to.helper.is_none()) {
    if (served_.instance().path(option) <= target_) local_ = option;
    return;
  }
  if (reached_in_[to.helper.value()] == search_ || served_.instance().path(option) > target_) return;
  const Candidate offered{option, regret_[option.value()] - regret_[chosen.value()], has_room(to)};
  Candidate& candidate = candidate_[to.helper.value()];
  if (candidate.option.is_none()) {
    found_.push_back(to.helper);
    candidate = offered;
  } else if (offered.is_last != candidate.is_last ? offered.is_last : offered.dearer < candidate.dearer) {
    candidate = offered;
  }
}

// Adds the links that follow this one; true when the last one added ends the chain.
bool EjectionChains::expand(std::uint32_t position) {
  found_.clear();
  local_.reset();
  const HelperIndex helper = links_[position].helper;
  const std::uint32_t depth = links_[position].depth + 1;
  for (const ClientIndex client : served_.served(helper)) {
    const OptionIndex chosen = served_.choice()[client.value()];
    if (!can_leave(links_[position], served_.option(chosen))) continue;
    for (const OptionIndex option : served_.instance().options(client)) consider(chosen, option);
  }
  const Candidate* last = nullptr;
  for (const HelperIndex next : found_) {
    const Candidate& candidate = candidate_[next.value()];
    if (candidate.is_last && (last == nullptr || candidate.dearer < last->dearer)) last = &candidate;
  }
  if (local_) {
    links_.push_back({*local_, HelperIndex::none(), position, depth});
  } else if (last != nullptr) {
    links_.push_back({last->option, served_.option(last->option).helper, position, depth});
  } else {
    for (const HelperIndex next : found_) {
      reached_in_[next.value()] = search_;
      links_.push_back({candidate_[next.value()].option, next, position, depth});
      open(static_cast<std::uint32_t>(links_.size() - 1));
    }
  }
  for (const HelperIndex next : found_) candidate_[next.value()] = {};
  return local_.has_value() || last != nullptr;
}

bool EjectionChains::is_affordable() const {
  int cost = 0;
  for (const Link* link = &links_.back(); !link->option.is_none(); link = &links_[link->before]) {
    cost += budget_.cost(served_.option(link->option).client, links_[link->before].helper, link->helper);
  }
  return budget_.permits(cost);
}

// From the end of the chain to its beginning, so that memory is never exceeded on the way.
void EjectionChains::make(std::vector<HelperIndex>& touched) {
  for (const Link* link = &links_.back(); !link->option.is_none(); link = &links_[link->before]) {
    const ClientIndex client = served_.option(link->option).client;
    budget_.spend(budget_.cost(client, links_[link->before].helper, link->helper));
    served_.assign(client, link->option);
    if (link->helper.is_none()) continue;
    SPLITLANE_ASSERT(served_.free_memory(link->helper) >= 0, link->helper.value(), served_.free_memory(link->helper));
    touched.push_back(link->helper);
  }
  touched.push_back(links_.front().helper);
}

bool EjectionChains::relieve(HelperIndex helper, Time target, std::vector<HelperIndex>& touched) {
  SPLITLANE_ASSERT(helper.value() < reached_in_.size(), helper.value(), reached_in_.size());
  target_ = target;
  ++search_;
  saw_all_ = false;
  reached_in_[helper.value()] = search_;
  links_.assign(1, {OptionIndex::none(), helper, 0, 0});
  open_.clear();
  open(0);
  while (!open_.empty()) {
    if (links_.size() > kMostLinks || stop_.reached()) return false;
    std::pop_heap(open_.begin(), open_.end());
    const std::uint32_t position = open_.back().position;
    open_.pop_back();
    if (!expand(position)) continue;
    if (!is_affordable()) return false;
    make(touched);
    return true;
  }
  saw_all_ = true;
  return false;
}

std::vector<std::uint8_t> EjectionChains::without_room() const {
  std::vector<std::uint8_t> result;
  if (!saw_all_) return result;
  result.assign(reached_in_.size(), 0);
  for (const Link& link : links_) {
    SPLITLANE_ASSERT(link.helper.value() < result.size(), link.helper.value(), result.size());
    result[link.helper.value()] = 1;
  }
  return result;
}

}  // namespace splitlane
