#include "methods/exact/exact_search.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "splitlane/bound/bound.hpp"

namespace splitlane::exact {

namespace {

constexpr int kBoundLiftRounds = 40;
constexpr int kMostFailures = 4;
constexpr std::size_t kManyColumns = 10'000;
constexpr std::uint64_t kLeastIterations = 400;
constexpr std::uint64_t kShortTree = 40;
constexpr int kMostDoublings = 24;
constexpr int kSearchParts = 4;
constexpr std::size_t kFewClientsPerHelper = 12;
constexpr int kCoverNodes = 200;

}  // namespace

ExactSearch::ExactSearch(const Instance& instance, Plan start, SearchParameters parameters)
    : instance_(instance), parameters_(std::move(parameters)), best_(std::move(start)) {
  raise(path_bound(), {ProofStep{}});
}

void ExactSearch::report(std::string_view step) const {
  if (parameters_.report) parameters_.report(step, best_.makespan, lower_bound_);
}

Time ExactSearch::path_bound() const {
  Time bound = 0;
  for (const ClientIndex client : instance_.clients()) {
    Time shortest = std::numeric_limits<Time>::max();
    for (const OptionIndex option : instance_.options(client)) {
      const bool local = instance_.is_local(option);
      if (!local && instance_.memory_demand(option) >
                        instance_.memory_capacity(instance_.helper(option)).value_or(kLargestNumber)) {
        continue;
      }
      const Time path = local ? instance_.path(option)
                              : splitlane::path_bound(service_of(instance_, option),
                                                      switch_rule_of(instance_, instance_.helper(option)));
      shortest = std::min(shortest, path);
    }
    bound = std::max(bound, shortest);
  }
  return bound;
}

void ExactSearch::raise(Time lower_bound, std::vector<ProofStep> steps) {
  if (lower_bound <= lower_bound_) return;
  lower_bound_ = lower_bound;
  if (parameters_.certificate) {
    proof_ = std::move(steps);
    if (no_goods_) proof_no_goods_.emplace(*no_goods_);
  }
  report("bound");
}

Certificate ExactSearch::certificate() const {
  Certificate result;
  result.lower_bound = lower_bound_;
  result.preemptive = parameters_.preemptive;
  if (lower_bound_ == 0) return result;
  if (proof_no_goods_) result.no_goods = proof_no_goods_->certified();
  result.steps = proof_;
  return result;
}

void ExactSearch::run() {
  if (closed()) return;
  columns_ = std::make_unique<ColumnTable>(instance_, best_.makespan);
  lane_cache_ = std::make_unique<LaneCache>(*columns_, parameters_.preemptive, parameters_.stop);
  relaxation_ = std::make_unique<WindowRelaxation>(*columns_, parameters_.stop);
  no_goods_ = std::make_unique<NoGoodPool>(*columns_, *lane_cache_);
  // Where the relaxation takes long, a good plan is wanted first.
  if (columns_->size() > kManyColumns) search_downwards();
  raise_to_relaxation_bound();
  search_downwards();
  search_from_relaxation();
  // Search and proof take turns, each time with twice the effort.
  recorder_ = std::make_unique<ProofRecorder>(*columns_, parameters_.certificate);
  tree_ =
      std::make_unique<AssignmentTree>(*columns_, *relaxation_, *lane_cache_, *no_goods_, *recorder_, parameters_.stop);
  for (int round = 0; !closed() && !parameters_.stop.reached() && round < parameters_.rounds; ++round) {
    effort_ = std::min(round, kMostDoublings);
    if (packings_) raise_by_packings();
    climb();
    if (!closed() && round + 1 < parameters_.rounds) search_long();
  }
}

void ExactSearch::raise_to_relaxation_bound() {
  while (!closed()) {
    const Time makespan = lower_bound_;
    relaxation_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    WindowRelaxation::Effort effort;
    effort.lift_rounds = kBoundLiftRounds;
    effort.until_bound = columns_->size() <= kManyColumns;
    if (relaxation_->solve(domain, effort) != WindowRelaxation::Outcome::kExceeds) return;
    if (!relaxation_->price_leaf(domain)) return;
    const Time refuted = farthest_refuted(makespan);
    relaxation_->set_makespan(refuted);
    ProofStep leaf;
    leaf.rows = relaxation_->price_leaf(Domain(*columns_, refuted)).value();
    raise(refuted + 1, {std::move(leaf)});
  }
}

Time ExactSearch::farthest_refuted(Time proven) {
  const auto refutes = [this](Time makespan) {
    relaxation_->set_makespan(makespan);
    return relaxation_->price_leaf(Domain(*columns_, makespan)).has_value();
  };
  Time refuted = proven;
  Time step = 1;
  while (refuted + step < best_.makespan && refutes(refuted + step)) {
    refuted += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    if (refuted + step < best_.makespan && refutes(refuted + step)) refuted += step;
  }
  return refuted;
}

std::uint64_t ExactSearch::iterations() const {
  // Of many columns a client and helper up to three are tried, which makes a change dearer.
  const std::size_t pairs = columns_->client_count() * columns_->helper_count();
  const std::uint64_t dearness = std::clamp<std::uint64_t>(columns_->size() / pairs, 1, 3);
  return (kLeastIterations + parameters_.changes_per_client * columns_->client_count()) / dearness;
}

bool ExactSearch::reach(TargetSearch& search, Time target, std::uint64_t iterations) {
  const bool reached = search.reach(target, iterations);
  if (reached) adopt(search.choice(), target);
  if (!search.best_choice().empty() && search.best_end() < best_.makespan)
    adopt(search.best_choice(), search.best_end());
  report("search");
  return reached;
}

// Towards the bound, by halves of what is left, until a few targets in a row were missed.
void ExactSearch::search_downwards() {
  if (closed()) return;
  TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 1, parameters_.stop);
  search.start(Choice(columns_->client_count(), TargetSearch::kUnset));
  Time target = lower_bound_;
  for (int failures = 0; failures < kMostFailures && !closed() && !parameters_.stop.reached();) {
    target = std::clamp(target, lower_bound_, best_.makespan - 1);
    if (reach(search, target, iterations())) {
      failures = 0;
      target = lower_bound_ + (best_.makespan - lower_bound_) / 2;
    } else {
      ++failures;
      target += (best_.makespan - target + 1) / 2;
    }
  }
}

// From the best plan, with the bound as target: then all helpers count as late and load spreads (THEORY 2.7).
void ExactSearch::search_long() {
  TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 1000 + static_cast<std::uint64_t>(effort_),
                      parameters_.stop);
  search.start(choice_of_best());
  const std::uint64_t effort = iterations() << (effort_ + 1);
  for (int part = 0; part < kSearchParts && !closed() && !parameters_.stop.reached(); ++part) {
    // Later parts aim between bound and plan, where few helpers are late and single moves decide.
    const Time target = lower_bound_ + (best_.makespan - 1 - lower_bound_) * part / kSearchParts;
    reach(search, target, effort);
  }
}

// The columns of the best plan. An option too long to be a column, or dominated, gives way to another on its helper.
Choice ExactSearch::choice_of_best() const {
  Choice choice(columns_->client_count(), TargetSearch::kUnset);
  for (ColumnIndex column = 0; column < columns_->size(); ++column) {
    const Column& entry = (*columns_)[column];
    const OptionIndex option = best_.choice[entry.client.value()];
    if (instance_.helper(option) != entry.helper) continue;
    ColumnIndex& chosen = choice[entry.client.value()];
    if (chosen == TargetSearch::kUnset || entry.option == option) chosen = column;
  }
  return choice;
}

// Rounds fractional solutions at makespans between the bounds and repairs them.
void ExactSearch::search_from_relaxation() {
  if (closed()) return;
  const Time steps = parameters_.roundings;
  const Time first = lower_bound_;
  const Time range = best_.makespan - 1 - lower_bound_;
  Time previous = -1;
  for (Time step = 0; step < steps && !closed() && !parameters_.stop.reached(); ++step) {
    const Time makespan = first + range * step / steps;
    if (makespan == previous || makespan >= best_.makespan) continue;
    previous = makespan;
    relaxation_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    if (relaxation_->solve(domain, {}) != WindowRelaxation::Outcome::kFits) continue;
    Choice choice(columns_->client_count(), TargetSearch::kUnset);
    for (ColumnIndex column = 0; column < columns_->size(); ++column) {
      ColumnIndex& best = choice[(*columns_)[column].client.value()];
      const auto values = relaxation_->values();
      if (domain.allows(column) && (best == TargetSearch::kUnset || values[column] > values[best])) best = column;
    }
    TargetSearch search(*columns_, *lane_cache_, parameters_.seed + 100 + static_cast<std::uint64_t>(step),
                        parameters_.stop);
    search.start(choice);
    reach(search, makespan, iterations());
  }
}

// Schedules every helper by `makespan`, as the search found possible, and keeps the plan when it is better.
bool ExactSearch::adopt(const Choice& choice, Time makespan) {
  std::vector<std::vector<ColumnIndex>> lanes(columns_->helper_count());
  std::vector<OptionIndex> options;
  for (const ColumnIndex column : choice) {
    options.push_back((*columns_)[column].option);
    if (!(*columns_)[column].is_local()) lanes[(*columns_)[column].helper.value()].push_back(column);
  }
  SegmentTable table;
  for (const std::vector<ColumnIndex>& lane : lanes) {
    std::vector<Segment> segments;
    for (const LaneSegment& segment : lane_cache_->lane(lane, makespan)) {
      segments.push_back({(*columns_)[lane[segment.service]].client, segment.task, segment.start, segment.end});
    }
    table.append_lane(segments);
  }
  Plan plan = evaluate_plan(instance_, std::move(options), std::move(table));
  if (plan.makespan >= best_.makespan) return false;
  best_ = std::move(plan);
  return true;
}

// For one makespan after the other: a proof, or a plan. Windows alone first, for as long as a short tree is enough;
// then, where helpers serve few clients, packings too.
void ExactSearch::climb() {
  const std::uint64_t node_limit = parameters_.node_limit << effort_;
  const bool few = columns_->client_count() <=
                   std::min(parameters_.most_packed_clients, kFewClientsPerHelper * columns_->helper_count());
  while (!closed()) {
    const Time makespan = lower_bound_;
    relaxation_->set_makespan(makespan);
    no_goods_->start(makespan);
    if (packings_) packings_->set_makespan(makespan);
    report("proof");
    const std::uint64_t nodes = few && !packings_ ? std::min(kShortTree, node_limit) : node_limit;
    switch (tree_->search(makespan, nodes, packings_.get())) {
      case AssignmentTree::Outcome::kLimit:
        if (packings_ || !few || parameters_.stop.reached()) return;
        make_packings();
        raise_by_packings();
        break;
      case AssignmentTree::Outcome::kFound: adopt(tree_->choice(), makespan); return;
      case AssignmentTree::Outcome::kInfeasible: raise(makespan + 1, recorder_->take()); break;
    }
  }
}

// Packings that know the plan in hand and every client alone.
void ExactSearch::make_packings() {
  packings_ =
      std::make_unique<PackingRelaxation>(*columns_, parameters_.preemptive, parameters_.threads, parameters_.stop);
  packings_->set_makespan(best_.makespan - 1);
  std::vector<std::vector<ColumnIndex>> lanes(columns_->helper_count());
  for (ColumnIndex column = 0; column < columns_->size(); ++column) {
    const Column& entry = (*columns_)[column];
    if (entry.is_local()) continue;
    packings_->offer({column});
    if (entry.option == best_.choice[entry.client.value()]) lanes[entry.helper.value()].push_back(column);
  }
  for (std::vector<ColumnIndex>& lane : lanes) {
    for (; !lane.empty(); lane.pop_back()) packings_->offer(lane);
  }
}

// Bisects for the least makespan that the set partitioning relaxation cannot refute; where it fits, whole sets may
// cover.
void ExactSearch::raise_by_packings() {
  Time open = best_.makespan;  // the relaxation is known to fit from here on, or nothing is known
  while (lower_bound_ < std::min(open, best_.makespan) && !parameters_.stop.reached()) {
    const Time makespan = lower_bound_ + (std::min(open, best_.makespan) - lower_bound_) / 2;
    no_goods_->start(makespan);
    packings_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    report("packings");
    switch (packings_->solve(domain, parameters_.pricing_limit << effort_)) {
      case PackingRelaxation::Outcome::kLimit: open = makespan; break;
      case PackingRelaxation::Outcome::kInfeasible: {
        std::vector<ProofStep> steps;
        if (parameters_.certificate) {
          std::vector<std::vector<ColumnIndex>> refuted;
          steps.push_back(packings_->leaf(refuted));
          no_goods_->note(refuted);
        }
        raise(makespan + 1, std::move(steps));
        break;
      }
      case PackingRelaxation::Outcome::kFits:
        open = makespan;
        if (const auto cover = packings_->whole_cover(kCoverNodes)) adopt(completed(*cover, makespan), makespan);
        break;
    }
  }
}

// Clients that a cover leaves out train locally.
Choice ExactSearch::completed(Choice choice, Time makespan) const {
  for (std::size_t client = 0; client < choice.size(); ++client) {
    if (choice[client] != PackingRelaxation::kUncovered) continue;
    for (ColumnIndex column = columns_->first_of(client); column < columns_->end_of(client); ++column) {
      if ((*columns_)[column].is_local() && (*columns_)[column].path <= makespan) choice[client] = column;
    }
  }
  return choice;
}

}  // namespace splitlane::exact
