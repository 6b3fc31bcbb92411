#include "methods/scale/target_search.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"

namespace splitlane {

namespace {

constexpr std::uint32_t kNoWay = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMostScratches = 32;

constexpr double kGoodMove = 0.8;      // share of the penalty a move must remove to make swaps not worth a look
constexpr double kWeightGrowth = 1.5;  // of a helper that finds no change
constexpr double kProgress = 0.9;      // of the excess, at least every so many rounds
constexpr int kRoundsBeforeChains = 3;
constexpr int kMostRounds = 200;

constexpr std::size_t kEnoughPairs = 1000;
constexpr std::size_t kMostPairs = 8000;
constexpr std::size_t kRotation = 97;

}  // namespace

TargetSearch::TargetSearch(ServedClients& served, std::span<const float> regret, MoveBudget& budget, Workers& workers)
    : served_(served),
      regret_(regret),
      budget_(budget),
      workers_(workers),
      chains_(served, regret, budget, workers.stop()),
      weight_(served.instance().helper_count(), 1.0),
      scratch_(kMostScratches),
      is_touched_(served.instance().helper_count(), 0) {
  SPLITLANE_ASSERT(regret.size() == served.instance().option_count(), regret.size(), served.instance().option_count());
  throw_if_reached(workers.stop());
  double sum = 0.0;
  for (const OptionIndex option : served.instance().options()) sum += static_cast<double>(served.option(option).load);
  unit_ = std::max(1.0, sum / static_cast<double>(served.instance().option_count()));
  for (Scratch& scratch : scratch_) scratch.first_way.assign(served.instance().helper_count(), kNoWay);
}

double TargetSearch::penalty(HelperIndex helper, Time end) const {
  if (end <= target_) return 0.0;
  const double excess = static_cast<double>(end - target_) / unit_;
  return weight_[helper.value()] * excess * excess;
}

int TargetSearch::cost(const Change& change) const {
  const auto of_option = [this](OptionIndex option) {
    const ServedClients::Option& to = served_.option(option);
    return budget_.cost(to.client, served_.option(served_.choice()[to.client.value()]).helper, to.helper);
  };
  return of_option(change.first) + (change.second.is_none() ? 0 : of_option(change.second));
}

void TargetSearch::offer(Proposals& proposals, const Change& change) const {
  auto& best = proposals.best;
  if (change.gain <= best.back().gain || !budget_.permits(cost(change))) return;
  std::size_t place = kProposals - 1;
  for (std::size_t index = 0; index < kProposals; ++index) {
    if (best[index].first.is_none() || partner(best[index]) != partner(change)) continue;
    place = index;
    break;
  }
  if (change.gain <= best[place].gain) return;
  best[place] = change;
  for (; place > 0 && best[place].gain > best[place - 1].gain; --place) std::swap(best[place], best[place - 1]);
}

void TargetSearch::propose_move(HelperIndex helper, OptionIndex chosen, OptionIndex option,
                                Proposals& proposals) const {
  const ServedClients::Option& from = served_.option(chosen);
  const ServedClients::Option& to = served_.option(option);
  const Time end = served_.end(helper);
  double gain = penalty(helper, end) - price_of(regret_[option.value()] - regret_[chosen.value()]);
  if (to.helper == helper) {  // other cut layers
    if (to.demand - from.demand > served_.free_memory(helper)) return;
    gain -= penalty(helper, end - from.load + to.load);
  } else {
    gain -= penalty(helper, end - from.load);
    if (!to.helper.is_none()) {
      if (to.demand > served_.free_memory(to.helper)) return;
      const Time there = served_.end(to.helper);
      gain += penalty(to.helper, there) - penalty(to.helper, there + to.load);
    }
  }
  offer(proposals, {gain, option, OptionIndex::none()});
}

void TargetSearch::propose_moves(HelperIndex helper, Scratch& scratch, Proposals& proposals) const {
  const Instance& instance = served_.instance();
  for (const ClientIndex client : served_.served(helper)) {
    const OptionIndex chosen = served_.choice()[client.value()];
    const ServedClients::Option& from = served_.option(chosen);
    for (const OptionIndex option : instance.options(client)) {
      if (option == chosen || instance.path(option) > target_) continue;
      propose_move(helper, chosen, option, proposals);
      const ServedClients::Option& to = served_.option(option);
      if (to.helper == helper || to.helper.is_none()) continue;
      std::uint32_t& first = scratch.first_way[to.helper.value()];
      scratch.ways_out.push_back({option, first, regret_[option.value()] - regret_[chosen.value()], from.load, to.load,
                                  from.demand, to.demand});
      first = static_cast<std::uint32_t>(scratch.ways_out.size() - 1);
    }
  }
}

// A client from elsewhere takes this option here, and one from here goes to where it came from. Returns the number of
// such pairs.
std::size_t TargetSearch::propose_swaps_for(HelperIndex helper, OptionIndex in, const Scratch& scratch,
                                            Proposals& proposals) const {
  const ServedClients::Option& to = served_.option(in);
  const OptionIndex chosen = served_.choice()[to.client.value()];
  const ServedClients::Option& from = served_.option(chosen);
  const HelperIndex other = from.helper;
  if (other == helper || other.is_none() || scratch.first_way[other.value()] == kNoWay) return 0;
  if (served_.instance().path(in) > target_) return 0;
  const Time end = served_.end(helper);
  const Time there = served_.end(other);
  const double before = penalty(helper, end) + penalty(other, there);
  const float dearer = regret_[in.value()] - regret_[chosen.value()];
  std::size_t pairs = 0;
  for (std::uint32_t way = scratch.first_way[other.value()]; way != kNoWay; way = scratch.ways_out[way].next) {
    ++pairs;
    const WayOut& out = scratch.ways_out[way];
    const Time change_here = to.load - out.from_load;
    if (change_here >= 0) continue;
    if (to.demand - out.from_demand > served_.free_memory(helper)) continue;
    if (out.to_demand - from.demand > served_.free_memory(other)) continue;
    const double after = penalty(helper, end + change_here) + penalty(other, there + out.to_load - from.load);
    offer(proposals, {before - after - price_of(dearer + out.dearer), out.option, in});
  }
  return pairs;
}

// On local graphs the pairs are many and a round makes one change of a helper: once enough pairs were looked at and one
// helps, the others wait for a later round, which begins elsewhere.
void TargetSearch::propose_swaps(HelperIndex helper, const Scratch& scratch, Proposals& proposals) const {
  const std::span<const OptionIndex> options = served_.options_on(helper);
  const std::size_t start = (helper.value() + round_ * kRotation) % options.size();
  std::size_t pairs = 0;
  for (std::size_t count = 0; count < options.size(); ++count) {
    const std::size_t index = start + count < options.size() ? start + count : start + count - options.size();
    pairs += propose_swaps_for(helper, options[index], scratch, proposals);
    if (pairs > kMostPairs || (pairs > kEnoughPairs && !proposals.best[0].first.is_none())) return;
  }
}

void TargetSearch::propose(HelperIndex helper, Scratch& scratch, Proposals& proposals) const {
  proposals = {};
  proposals.helper = helper;
  proposals.end = served_.end(helper);
  propose_moves(helper, scratch, proposals);
  if (proposals.best[0].gain < kGoodMove * penalty(helper, served_.end(helper))) {
    propose_swaps(helper, scratch, proposals);
  }
  for (const WayOut& way : scratch.ways_out) scratch.first_way[served_.option(way.option).helper.value()] = kNoWay;
  scratch.ways_out.clear();
}

void TargetSearch::find_late_helpers() {
  late_.clear();
  for (const HelperIndex helper : served_.instance().helpers()) {
    if (served_.end(helper) > target_) late_.push_back(helper);
  }
}

double TargetSearch::total_excess() const {
  double sum = 0.0;
  for (const HelperIndex helper : late_) sum += static_cast<double>(served_.end(helper) - target_);
  return sum;
}

void TargetSearch::propose_all() {
  proposals_.resize(late_.size());
  const std::size_t chunks = std::min(kMostScratches, late_.size());
  workers_.for_each(chunks, [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(late_.size(), chunks, chunk);
    for (std::size_t index = first; index < last; ++index) {
      throw_if_reached(workers_.stop());
      propose(late_[index], scratch_[chunk], proposals_[index]);
    }
  });
  std::stable_sort(proposals_.begin(), proposals_.end(), [](const Proposals& left, const Proposals& right) {
    return left.best[0].gain > right.best[0].gain;
  });
}

void TargetSearch::make(const Change& change) {
  budget_.spend(cost(change));
  served_.assign(served_.option(change.first).client, change.first);
  if (!change.second.is_none()) served_.assign(served_.option(change.second).client, change.second);
}

void TargetSearch::touch(HelperIndex helper) {
  if (is_touched_[helper.value()] != 0) return;
  is_touched_[helper.value()] = 1;
  touched_.push_back(helper);
}

// Whether the change gains after the ones that the helper has made since it looked; its partner is as it was.
bool TargetSearch::still_gains(const Proposals& proposals, const Change& change) const {
  const ServedClients::Option& to = served_.option(change.first);
  const ServedClients::Option& from = served_.option(served_.choice()[to.client.value()]);
  if (from.helper != proposals.helper) return false;  // has left already
  Time relief = from.load - (to.helper == proposals.helper ? to.load : 0);
  Megabytes taken = (to.helper == proposals.helper ? to.demand : 0) - from.demand;
  if (!change.second.is_none()) {
    relief -= served_.option(change.second).load;
    taken += served_.option(change.second).demand;
  }
  const auto relieved = [&](Time end) {
    return penalty(proposals.helper, end) - penalty(proposals.helper, end - relief);
  };
  const double gain = change.gain - relieved(proposals.end) + relieved(served_.end(proposals.helper));
  return gain > 0.0 && taken <= served_.free_memory(proposals.helper);
}

// Returns false when the helper has nothing to propose. One whose partners are all taken this time proposes again.
bool TargetSearch::make_best(const Proposals& proposals) {
  if (is_touched_[proposals.helper.value()] != 0) return true;
  if (proposals.best[0].first.is_none()) return false;
  for (const Change& change : proposals.best) {
    if (change.first.is_none()) break;
    const HelperIndex other = partner(change);
    const bool taken = !other.is_none() && other != proposals.helper && is_touched_[other.value()] != 0;
    if (taken || !still_gains(proposals, change) || !budget_.permits(cost(change))) continue;
    make(change);
    touch(proposals.helper);
    if (!other.is_none()) touch(other);
  }
  return true;
}

// Returns false when a helper is late that no chain relieves.
bool TargetSearch::relieve_all() {
  std::stable_sort(late_.begin(), late_.end(),
                   [this](HelperIndex left, HelperIndex right) { return served_.end(left) > served_.end(right); });
  std::vector<HelperIndex> touched;
  bool relieved = true;
  chains_.find_room(target_);
  for (const HelperIndex helper : late_) {
    while (relieved && served_.end(helper) > target_ && !workers_.stop().reached()) {
      relieved = chains_.relieve(helper, target_, touched);
    }
  }
  for (const HelperIndex helper : touched) touch(helper);
  if (!relieved) without_room_ = chains_.without_room();
  return relieved;
}

void TargetSearch::simulate_touched() {
  served_.simulate(touched_);
  for (const HelperIndex helper : touched_) is_touched_[helper.value()] = 0;
  touched_.clear();
}

void TargetSearch::run(Time target, Depth depth) {
  try {
    run_rounds(target, depth);
  } catch (const Stopped&) {
    // Thrown while helpers look for changes: those made before stand.
  }
}

void TargetSearch::run_rounds(Time target, Depth depth) {
  SPLITLANE_ASSERT(touched_.empty(), touched_.size());
  const StopCondition& stop = workers_.stop();
  target_ = target;
  without_room_.clear();
  double least_excess = std::numeric_limits<double>::max();
  int without_progress = 0;
  for (int round = 0; round < kMostRounds && !stop.reached(); ++round) {
    find_late_helpers();
    if (late_.empty()) return;
    const double excess = total_excess();
    if (excess < kProgress * least_excess) {
      least_excess = excess;
      without_progress = 0;
    } else if (++without_progress > kRoundsBeforeChains) {
      if (depth == Depth::kPairs) return;
      const bool relieved = relieve_all();
      simulate_touched();
      if (!relieved) return;
      without_progress = 0;
      continue;
    }
    ++round_;
    propose_all();
    for (const Proposals& proposals : proposals_) {
      if (!make_best(proposals)) weight_[proposals.helper.value()] *= kWeightGrowth;
    }
    simulate_touched();
  }
}

}  // namespace splitlane
