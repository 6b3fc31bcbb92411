#include "methods/scale/target_search.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace splitlane {

namespace {

constexpr std::uint32_t kNoEntry = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kChunks = 32;
[[maybe_unused]] double env(const char* n, double d) { const char* v = getenv(n); return v ? atof(v) : d; }

}  // namespace

TargetSearch::TargetSearch(ServedClients& served, std::span<const float> regret, Workers& workers)
    : served_(served), regret_(regret), workers_(workers), weight_(served.instance().helper_count(), 1.0), scratch_(kChunks), is_touched_(served.instance().helper_count(), 0) {
  double sum = 0;
  for (const OptionIndex option : served.instance().options()) sum += static_cast<double>(served.option(option).load);
  unit_ = std::max(1.0, sum / static_cast<double>(served.instance().option_count()));
  for (Scratch& scratch : scratch_) scratch.first_entry.assign(served.instance().helper_count(), kNoEntry);
}

double TargetSearch::penalty(std::size_t helper, Time end) const {
  if (end <= target_) return 0.0;
  const double excess = static_cast<double>(end - target_) / unit_;
  return weight_[helper] * excess * excess;
}

std::uint32_t TargetSearch::partner(const Change& change) const { return served_.option(change.first).helper; }

void TargetSearch::offer(Proposals& proposals, const Change& change) const {
  auto& best = proposals.best;
  if (change.gain <= best.back().gain) return;
  std::size_t place = kProposals - 1;
  for (std::size_t index = 0; index < kProposals; ++index) {
    if (!best[index].first.is_none() && partner(best[index]) == partner(change)) { place = index; break; }
  }
  if (change.gain <= best[place].gain) return;
  best[place] = change;
  for (; place > 0 && best[place].gain > best[place - 1].gain; --place) std::swap(best[place], best[place - 1]);
}

void TargetSearch::propose_moves(std::uint32_t helper, Scratch& scratch, Proposals& proposals) const {
  static double alpha = env("AL", 0.3);
  const Instance& instance = served_.instance();
  const Time end = served_.end(helper);
  const double now = penalty(helper, end);
  for (const ClientIndex client : served_.served(helper)) {
    const OptionIndex chosen = served_.choice()[client.value()];
    const ServedClients::Option& from = served_.option(chosen);
    for (const OptionIndex option : instance.options(client)) {
      if (option == chosen || instance.path(option) > target_) continue;
      const ServedClients::Option& to = served_.option(option);
      const double dearer = alpha * static_cast<double>(regret_[option.value()] - regret_[chosen.value()]) / unit_;
      if (to.helper == HelperIndex::kNoneValue) {
        offer(proposals, {now - penalty(helper, end - from.load) - dearer, option, OptionIndex::none()});
        continue;
      }
      if (to.helper == helper) {
        if (to.demand - from.demand <= served_.free_memory(helper)) offer(proposals, {now - penalty(helper, end - from.load + to.load) - dearer, option, OptionIndex::none()});
        continue;
      }
      scratch.entries.push_back({option, scratch.first_entry[to.helper], regret_[option.value()] - regret_[chosen.value()], from.load, to.load, from.demand, to.demand});
      scratch.first_entry[to.helper] = static_cast<std::uint32_t>(scratch.entries.size() - 1);
      if (to.demand > served_.free_memory(to.helper)) continue;
      const Time there = served_.end(to.helper);
      offer(proposals, {now + penalty(to.helper, there) - penalty(helper, end - from.load) - penalty(to.helper, there + to.load) - dearer, option, OptionIndex::none()});
    }
  }
}

void TargetSearch::propose_swaps(std::uint32_t helper, const Scratch& scratch, Proposals& proposals) const {
  static double alpha = env("AL", 0.3);
  const Instance& instance = served_.instance();
  const Time end = served_.end(helper);
  const double now = penalty(helper, end);
  for (const std::uint32_t index : served_.options_on(helper)) {
    const ServedClients::Option& in_to = served_.option(OptionIndex(index));
    const OptionIndex in_chosen = served_.choice()[in_to.client];
    const ServedClients::Option& in_from = served_.option(in_chosen);
    const std::uint32_t other = in_from.helper;
    if (other == helper || other == HelperIndex::kNoneValue || scratch.first_entry[other] == kNoEntry) continue;
    if (instance.path(OptionIndex(index)) > target_) continue;
    const Megabytes room_here = served_.free_memory(helper);
    const Megabytes room_there = served_.free_memory(other);
    const Time there = served_.end(other);
    const double now_there = penalty(other, there);
    const double in_dearer = static_cast<double>(regret_[index] - regret_[in_chosen.value()]);
    for (std::uint32_t entry = scratch.first_entry[other]; entry != kNoEntry; entry = scratch.entries[entry].next) {
      const Scratch::Entry& out = scratch.entries[entry];
      const Time change_here = in_to.load - out.from_load;
      if (change_here >= 0) continue;
      if (in_to.demand - out.from_demand > room_here || out.to_demand - in_from.demand > room_there) continue;
      const double dearer = alpha * (in_dearer + static_cast<double>(out.dearer)) / unit_;
      offer(proposals, {now + now_there - penalty(helper, end + change_here) - penalty(other, there + out.to_load - in_from.load) - dearer, out.option, OptionIndex(index)});
    }
  }
}

void TargetSearch::propose(std::uint32_t helper, Scratch& scratch, Proposals& proposals) const {
  proposals = {};
  proposals.helper = helper;
  scratch.entries.clear();
  propose_moves(helper, scratch, proposals);
  static double sk=env("SK",0.8);
  if (proposals.best[0].gain < sk * penalty(helper, served_.end(helper))) propose_swaps(helper, scratch, proposals);
  for (const Scratch::Entry& entry : scratch.entries) scratch.first_entry[served_.option(entry.option).helper] = kNoEntry;
}

std::size_t TargetSearch::late_helpers() {
  late_.clear();
  for (std::uint32_t helper = 0; helper < weight_.size(); ++helper) {
    if (served_.end(helper) > target_) late_.push_back(helper);
  }
  return late_.size();
}

void TargetSearch::make(const Change& change) {
  served_.assign(ClientIndex(served_.option(change.first).client), change.first);
  if (!change.second.is_none()) served_.assign(ClientIndex(served_.option(change.second).client), change.second);
}

bool TargetSearch::make_best(const Proposals& proposals) {
  if (is_touched_[proposals.helper]) return true;
  if (proposals.best[0].first.is_none()) return false;
  for (const Change& change : proposals.best) {
    if (change.first.is_none()) break;
    const std::uint32_t other = partner(change);
    if (other != HelperIndex::kNoneValue && is_touched_[other]) continue;
    make(change);
    touched_.push_back(proposals.helper); is_touched_[proposals.helper] = 1;
    if (other != HelperIndex::kNoneValue && other != proposals.helper) { touched_.push_back(other); is_touched_[other] = 1; }
    return true;
  }
  return true;
}

bool TargetSearch::run(Time target, int most_rounds, const StopCondition& stop) {
  target_ = target;
  static double up = env("WU", 1.5);
  double best = 1e300; int since = 0;
  for (int round = 0; round < most_rounds && !stop.reached(); ++round) {
    if (late_helpers() == 0) return true;
    double excess = 0; for (auto h : late_) excess += static_cast<double>(served_.end(h) - target_) / unit_;
    if (excess < best * 0.98) { best = excess; since = 0; } else if (++since > (int)env("ST",30)) return false;
    proposals_.resize(late_.size());
    const std::size_t chunks = std::min(kChunks, late_.size());
    workers_.for_each(chunks, [&](std::size_t chunk) {
      const auto [first, last] = chunk_of(late_.size(), chunks, chunk);
      for (std::size_t index = first; index < last; ++index) propose(late_[index], scratch_[chunk], proposals_[index]);
    });
    std::stable_sort(proposals_.begin(), proposals_.end(), [](const Proposals& l, const Proposals& r) { return l.best[0].gain > r.best[0].gain; });
    touched_.clear();
    int stuck = 0;
    for (const Proposals& p : proposals_) if (!make_best(p)) { weight_[p.helper] *= up; ++stuck; }
    served_.simulate(touched_);
    if (getenv("LV")) fprintf(stderr, "  T %ld round %d late %zu excess %.2f touched %zu stuck %d latest %ld\n", (long)target, round, late_.size(), excess, touched_.size(), stuck, (long)served_.latest_end());
    for (auto h : touched_) is_touched_[h] = 0;
  }
  return late_helpers() == 0;
}

}  // namespace splitlane
