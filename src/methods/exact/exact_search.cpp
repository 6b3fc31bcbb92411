#include "methods/exact/exact_search.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/stopped.hpp"
#include "splitlane/bound/bound.hpp"

namespace splitlane::exact {

namespace {

constexpr int kBoundLiftRounds = 40;
constexpr int kRoundsBeforePackings = 2;  // of a large instance with many options
constexpr int kFewRounds = 4;
constexpr int kThoroughRounds = 20;
constexpr std::uint64_t kFewRaises = 2;
constexpr std::uint64_t kMoreRaises = 6;
constexpr std::uint64_t kFewNodes = 4;
constexpr int kMostSmallSteps = 8;
constexpr Time kSmallStep = 20;  // parts of the gap
constexpr std::uint64_t kShortTree = 40;
constexpr int kMostDoublings = 24;
constexpr std::size_t kFewClientsPerHelper = 12;
constexpr std::uint64_t kFirstPricingShare = 4;
/// Where a helper has many columns for a client most sets are new to the exact scheduler, which makes them dear.
constexpr std::uint64_t kManyOptionsFactor = 8;

}  // namespace

ExactSearch::ExactSearch(const Instance& instance, Plan start, SearchParameters parameters)
    : instance_(instance),
      parameters_(std::move(parameters)),
      best_(std::move(start)),
      starts_well_(best_.lower_bound > 0) {
  raise(path_bound(), {ProofStep{}});
  raise(best_.lower_bound, best_.certificate ? best_.certificate->steps : std::vector<ProofStep>{});
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
  packing_proof_.reset();
  if (parameters_.certificate) {
    proof_ = std::move(steps);
    if (no_goods_) proof_no_goods_.emplace(*no_goods_);
  }
  report("bound");
}

void ExactSearch::raise(Time lower_bound, PackingProof proof) {
  if (lower_bound <= lower_bound_) return;
  raise(lower_bound, std::vector<ProofStep>{});
  if (parameters_.certificate) packing_proof_ = std::move(proof);
}

Certificate ExactSearch::certificate() {
  if (packing_proof_) {
    std::vector<std::vector<ColumnIndex>> refuted;
    proof_ = {packing_proof_->leaf(parameters_.whole_proof ? &refuted : nullptr)};
    packing_proof_.reset();
    proof_no_goods_.emplace(*columns_, *lane_cache_);
    proof_no_goods_->start(lower_bound_ - 1);
    proof_no_goods_->note(std::move(refuted));
  }
  Certificate result;
  result.lower_bound = lower_bound_;
  result.preemptive = parameters_.preemptive;
  if (lower_bound_ == 0) return result;
  if (proof_no_goods_) result.no_goods = proof_no_goods_->certified();
  result.steps = proof_;
  return result;
}

void ExactSearch::run() {
  try {
    search();
  } catch (const Stopped&) {
    // The best plan and bound by then stand.
  }
}

void ExactSearch::search() {
  if (closed()) return;
  columns_ = std::make_unique<ColumnTable>(instance_, best_.makespan, parameters_.stop);
  lane_cache_ = std::make_unique<LaneCache>(*columns_, parameters_.preemptive, parameters_.stop);
  relaxation_ = std::make_unique<WindowRelaxation>(*columns_, parameters_.stop);
  no_goods_ = std::make_unique<NoGoodPool>(*columns_, *lane_cache_);
  const Choice first = starts_well_ ? choice_of_best() : Choice(columns_->client_count(), TargetSearch::kUnset);
  if (is_large() && columns_->has_many_options()) search_downwards(first);
  raise_to_relaxation_bound();
  // Of equal helpers the relaxation does not tell who serves whom.
  search_downwards(starts_well_ ? choice_of_best() : columns_->has_equal_helpers() ? first : rounded());
  if (!is_large()) search_from_relaxation();
  // Search and proof take turns, each time with twice the effort.
  recorder_ = std::make_unique<ProofRecorder>(*columns_, parameters_.certificate, parameters_.whole_proof);
  tree_ =
      std::make_unique<AssignmentTree>(*columns_, *relaxation_, *lane_cache_, *no_goods_, *recorder_, parameters_.stop);
  for (int round = 0; !closed() && !parameters_.stop.reached() && round < parameters_.rounds && !is_in_vain();
       ++round) {
    effort_ = std::min(round, kMostDoublings);
    if (is_large() && (round > 0 || columns_->has_many_options())) search_long();
    if (packings_) raise_by_packings();
    climb();
    if (!closed() && !is_large() && round + 1 < parameters_.rounds) search_long();
  }
}

// The enumeration of lanes that pay for their switches has a limit that no effort raises.
bool ExactSearch::is_in_vain() const { return lane_cache_->has_given_up() || (packings_ && packings_->has_given_up()); }

void ExactSearch::raise_to_relaxation_bound() {
  // Where the relaxation is large, few windows lift a low bound fast; more of them are worth their time only near its
  // end, and where options are many, since their prices then tell which to try.
  bool thorough = !is_large();
  int small_steps = 0;
  while (!closed()) {
    const Time makespan = lower_bound_;
    relaxation_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    WindowRelaxation::Effort effort;
    effort.until_bound = thorough;
    effort.lift_rounds = thorough ? kBoundLiftRounds : 0;
    if (is_large()) effort.most_rounds = thorough ? kThoroughRounds : kFewRounds;
    if (relaxation_->solve(domain, effort) != WindowRelaxation::Outcome::kExceeds) return;
    if (!relaxation_->price_leaf(domain)) return;
    const Time refuted = farthest_refuted(makespan);
    relaxation_->set_makespan(refuted);
    ProofStep leaf;
    leaf.rows = relaxation_->price_leaf(Domain(*columns_, refuted)).value();
    raise(refuted + 1, {std::move(leaf)});
    const bool small_step = refuted + 1 - makespan < (best_.makespan - makespan) / kSmallStep;
    small_steps = small_step ? small_steps + 1 : 0;
    // A better plan then closes more of the gap than further windows.
    if (is_large() && small_step && (thorough || !columns_->has_many_options())) return;
    if (small_steps == kMostSmallSteps) return;
    thorough = thorough || small_step;
  }
}

Time ExactSearch::farthest_refuted(Time proven) {
  const auto refutes = [this](Time makespan) {
    relaxation_->set_makespan(makespan);
    return relaxation_->price_leaf(Domain(*columns_, makespan)).has_value();
  };
  Time refuted = proven;
  Time step = 1;
  while (refuted + step < best_.makespan && !parameters_.stop.reached() && refutes(refuted + step)) {
    refuted += step;
    step *= 2;
  }
  for (; step > 0; step /= 2) {
    if (refuted + step < best_.makespan && refutes(refuted + step)) refuted += step;
  }
  return refuted;
}

// Where the relaxation takes long, good plans come before the last percent of the bound.
bool ExactSearch::is_large() const { return columns_->size() > WindowRelaxation::kAllActive; }

// For one makespan after the other: a proof, or a plan. Windows alone first, for as long as a short tree is enough;
// then, where helpers serve few clients, packings too.
void ExactSearch::climb() {
  const std::uint64_t node_limit = (is_large() ? std::min(kFewNodes, parameters_.node_limit) : parameters_.node_limit)
                                   << effort_;
  const bool few = (!columns_->has_many_options() || !is_large() || effort_ >= kRoundsBeforePackings) &&
                   columns_->client_count() <=
                       std::min(parameters_.most_packed_clients, kFewClientsPerHelper * columns_->helper_count());
  const std::uint64_t most_raises = (is_large() ? kFewRaises : kMoreRaises) << effort_;
  for (std::uint64_t raises = 0; !closed() && raises < most_raises; ++raises) {
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
  if (!closed() && !packings_ && few) {
    make_packings();
    raise_by_packings();
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

// First with little effort for each makespan: one that takes long may lie between others that are decided at once.
void ExactSearch::raise_by_packings() {
  const std::uint64_t pricing_limit = parameters_.pricing_limit << effort_;
  if (columns_->has_many_options()) {
    raise_by_packings(pricing_limit * kManyOptionsFactor);
  } else {
    raise_by_packings(pricing_limit / kFirstPricingShare);
    raise_by_packings(pricing_limit);
  }
  dive();
}

// Bisects for the least makespan that the set partitioning relaxation cannot refute.
void ExactSearch::raise_by_packings(std::uint64_t pricing_limit) {
  Time open = std::min(packings_fit_from_, parameters_.bound_enough);  // or nothing is known from here on
  while (lower_bound_ < std::min(open, best_.makespan) && !parameters_.stop.reached()) {
    const Time makespan = lower_bound_ + (std::min(open, best_.makespan) - lower_bound_) / 2;
    packings_->set_makespan(makespan);
    const Domain domain(*columns_, makespan);
    report("packings");
    switch (packings_->solve(domain, pricing_limit)) {
      case PackingRelaxation::Outcome::kLimit: open = makespan; break;
      case PackingRelaxation::Outcome::kInfeasible: raise(makespan + 1, packings_->take_proof()); break;
      case PackingRelaxation::Outcome::kFits:
        open = packings_fit_from_ = makespan;
        if (packings_->integral()) adopt(completed(packings_->integral_choice(), makespan), makespan);
        break;
    }
  }
}

}  // namespace splitlane::exact
