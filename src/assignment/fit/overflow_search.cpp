#include "assignment/fit/overflow_search.hpp"

#include <algorithm>
#include <utility>

namespace splitlane::fit {

namespace {

constexpr std::size_t kMostMovers = 64;     // clients of an overfull helper that are looked at in one step,
constexpr std::size_t kMostPlaces = 64;     // places of each,
constexpr std::size_t kMostPartners = 64;   // and clients there that each may change places with
constexpr std::uint64_t kShortestTabu = 3;  // steps
constexpr std::uint64_t kTabuRange = 8;
constexpr std::uint64_t kRepackWork = 2'000;  // what packing two helpers anew costs
constexpr double kGainTolerance = 1e-9;

}  // namespace

OverflowSearch::OverflowSearch(const MemoryProblem& problem, const StopCondition& stop)
    : problem_(problem), stop_(stop) {}

Megabytes OverflowSearch::overflow(HelperIndex helper, Megabytes load) const {
  return std::max<Megabytes>(0, load - problem_.capacity(helper));
}

// What the weighted overflow falls by when the helper's load changes.
double OverflowSearch::gain(HelperIndex helper, Megabytes change) const {
  const Megabytes load = load_[helper];
  return weight_[helper] * static_cast<double>(overflow(helper, load) - overflow(helper, load + change));
}

void OverflowSearch::start(const Packing& packing) {
  const std::size_t helpers = problem_.helper_count();
  packing_ = packing;
  served_.assign(helpers, {});
  position_.assign(packing.size(), 0);
  load_.assign(helpers, 0);
  weight_.assign(helpers, 1.0);
  overfull_.clear();
  overfull_position_.assign(helpers, kNotOverfull);
  tabu_until_.assign(packing.size(), 0);
  total_overflow_ = 0;
  step_ = 0;
  for (const BoundClient client : problem_.clients()) {
    const Place& place = problem_.places(client)[packing[client]];
    position_[client] = static_cast<std::uint32_t>(served_[place.helper].size());
    served_[place.helper].push_back(client);
    set_load(place.helper, load_[place.helper] + place.demand);
  }
}

void OverflowSearch::set_load(HelperIndex helper, Megabytes load) {
  total_overflow_ += overflow(helper, load) - overflow(helper, load_[helper]);
  load_[helper] = load;
  const bool is_listed = overfull_position_[helper] != kNotOverfull;
  if (overflow(helper, load) > 0 && !is_listed) {
    overfull_position_[helper] = static_cast<std::uint32_t>(overfull_.size());
    overfull_.push_back(helper);
  } else if (overflow(helper, load) == 0 && is_listed) {
    overfull_position_[overfull_.back()] = overfull_position_[helper];
    overfull_[overfull_position_[helper]] = overfull_.back();
    overfull_.pop_back();
    overfull_position_[helper] = kNotOverfull;
  }
}

void OverflowSearch::put(BoundClient client, std::uint32_t place) {
  const Place& from = problem_.places(client)[packing_[client]];
  const Place& to = problem_.places(client)[place];
  std::vector<BoundClient>& left = served_[from.helper];
  left[position_[client]] = left.back();
  position_[left.back()] = position_[client];
  left.pop_back();
  position_[client] = static_cast<std::uint32_t>(served_[to.helper].size());
  served_[to.helper].push_back(client);
  packing_[client] = place;
  set_load(from.helper, load_[from.helper] - from.demand);
  set_load(to.helper, load_[to.helper] + to.demand);
}

void OverflowSearch::keep_best() {
  if (total_overflow_ >= best_overflow_) return;
  best_ = packing_;
  best_overflow_ = total_overflow_;
}

// Of changes that are equally good each is kept with the same probability.
void OverflowSearch::offer(const Change& change, RandomEngine& engine, Change& best) {
  ++looked_at_;
  if (ties_ > 0 && change.gain < best.gain - kGainTolerance) return;
  if (ties_ == 0 || change.gain > best.gain + kGainTolerance) {
    ties_ = 1;
    best = change;
  } else if (random_below(engine, ++ties_) == 0) {
    best = change;
  }
}

// All that the client can do to leave its overfull helper: a move, or a swap with a client of another one.
void OverflowSearch::consider(BoundClient client, RandomEngine& engine, Change& best) {
  const std::span<const Place> places = problem_.places(client);
  const Place& from = places[packing_[client]];
  const std::size_t first_place = places.size() > kMostPlaces ? random_below(engine, places.size()) : 0;
  for (std::size_t tried = 0; tried < std::min(places.size(), kMostPlaces); ++tried) {
    const auto position = static_cast<std::uint32_t>((first_place + tried) % places.size());
    const Place& to = places[position];
    if (to.helper == from.helper) continue;
    offer({client, position, BoundClient::none(), 0, gain(from.helper, -from.demand) + gain(to.helper, to.demand)},
          engine, best);
    const std::vector<BoundClient>& others = served_[to.helper];
    const std::size_t first = others.size() > kMostPartners ? random_below(engine, others.size()) : 0;
    for (std::size_t count = 0; count < std::min(others.size(), kMostPartners); ++count) {
      const BoundClient partner = others[(first + count) % others.size()];
      if (tabu_until_[partner] > step_) continue;
      const std::uint32_t back = problem_.place_on(partner, from.helper);
      const std::span<const Place> partner_places = problem_.places(partner);
      if (back == partner_places.size()) continue;
      const Megabytes arrives = partner_places[back].demand;
      const Megabytes leaves = partner_places[packing_[partner]].demand;
      if (arrives == from.demand && leaves == to.demand) continue;
      const double swap_gain = gain(from.helper, arrives - from.demand) + gain(to.helper, to.demand - leaves);
      offer({client, position, partner, back, swap_gain}, engine, best);
    }
  }
}

OverflowSearch::Change OverflowSearch::best_change(HelperIndex helper, RandomEngine& engine) {
  Change best;
  ties_ = 0;
  const std::vector<BoundClient>& served = served_[helper];
  const std::size_t first = served.size() > kMostMovers ? random_below(engine, served.size()) : 0;
  for (std::size_t count = 0; count < std::min(served.size(), kMostMovers); ++count) {
    const BoundClient client = served[(first + count) % served.size()];
    if (tabu_until_[client] <= step_) consider(client, engine, best);
  }
  return best;
}

void OverflowSearch::apply(const Change& change, RandomEngine& engine) {
  put(change.client, change.place);
  tabu_until_[change.client] = step_ + kShortestTabu + random_below(engine, kTabuRange);
  if (change.partner.is_none()) return;
  put(change.partner, change.partner_place);
  tabu_until_[change.partner] = step_ + kShortestTabu + random_below(engine, kTabuRange);
}

// Packs an overfull helper anew together with another that one of its clients can go to; the first is overfull no
// more. True when the overflow fell.
bool OverflowSearch::repack(HelperIndex helper, RandomEngine& engine) {
  const std::vector<BoundClient>& served = served_[helper];
  const BoundClient guide = served[random_below(engine, served.size())];
  const std::span<const Place> guide_places = problem_.places(guide);
  const HelperIndex other = guide_places[random_below(engine, guide_places.size())].helper;
  if (other == helper) return false;
  looked_at_ += kRepackWork;
  std::vector<BoundClient> clients;
  for (const HelperIndex from : {helper, other}) {
    for (const BoundClient client : served_[from]) {
      const std::size_t none = problem_.places(client).size();
      if (problem_.place_on(client, helper) != none && problem_.place_on(client, other) != none) {
        clients.push_back(client);
      }
    }
  }
  for (std::size_t chosen = 0; chosen < clients.size(); ++chosen) {
    std::swap(clients[chosen], clients[chosen + random_below(engine, clients.size() - chosen)]);
  }
  clients.resize(std::min(clients.size(), PairRepack::kMostClients));
  std::vector<LooseClient> loose;
  Megabytes room = problem_.capacity(helper) - load_[helper];
  Megabytes fixed_on_other = load_[other];
  for (const BoundClient client : clients) {
    const std::span<const Place> places = problem_.places(client);
    loose.push_back(
        {places[problem_.place_on(client, helper)].demand, places[problem_.place_on(client, other)].demand});
    (helper_of(client) == helper ? room : fixed_on_other) +=
        helper_of(client) == helper ? loose.back().demand_on_first : -loose.back().demand_on_second;
  }
  if (room < 0) return false;
  const PairSplit split = pairs_.split(loose, room);
  const Megabytes after = overflow(other, fixed_on_other + split.load_on_second);
  if (after >= overflow(helper, load_[helper]) + overflow(other, load_[other])) return false;
  for (std::size_t position = 0; position < clients.size(); ++position) {
    const HelperIndex target = (split.on_first >> position & 1U) != 0 ? helper : other;
    if (helper_of(clients[position]) != target) put(clients[position], problem_.place_on(clients[position], target));
  }
  return true;
}

bool OverflowSearch::run(const Packing& packing, RandomEngine& engine, std::uint64_t work) {
  start(packing);
  looked_at_ = 0;
  for (; !overfull_.empty() && looked_at_ < work; ++step_, ++looked_at_) {
    if (stop_.reached()) break;
    const HelperIndex helper = overfull_[random_below(engine, overfull_.size())];
    const Change change = best_change(helper, engine);
    if (ties_ > 0 && change.gain > kGainTolerance) {
      apply(change, engine);
    } else if (!repack(helper, engine)) {
      keep_best();
      for (const HelperIndex overfull : overfull_) weight_[overfull] += 1.0;
      if (ties_ > 0) apply(change, engine);
    }
  }
  keep_best();
  return best_overflow_ == 0;
}

}  // namespace splitlane::fit
