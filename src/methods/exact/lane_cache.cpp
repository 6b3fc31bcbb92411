#include "methods/exact/lane_cache.hpp"

#include <algorithm>
#include <utility>

#include "base/random.hpp"
#include "base/stopped.hpp"

namespace splitlane::exact {

namespace {

constexpr std::uint64_t kSearchLimit = 400;
constexpr std::uint64_t kGenerousNodes = 1'000'000;
constexpr std::uint64_t kNodesInVain = 1'000;  // once some set stayed undecided, and bound and plan may never meet

}  // namespace

LaneCache::LaneCache(const ColumnTable& columns, bool preemptive, const StopCondition& stop, std::size_t most_known)
    : columns_(columns), preemptive_(preemptive), stop_(stop), keys_(columns.size()), most_known_(most_known) {
  forget();
  RandomEngine engine(0);
  for (ColumnIndex column = 0; column < columns.size(); ++column) {
    keys_[column] = {engine(), engine()};
    if (columns.twin_column(column) != column) keys_[column] = keys_[columns.twin_column(column)];
  }
}

void LaneCache::forget() {
  memory_.release();
  known_ = std::pmr::polymorphic_allocator<KnownSets>(&memory_).new_object<KnownSets>();
}

WideKey LaneCache::key_of(std::span<const ColumnIndex> set) const {
  WideKey key;
  for (const ColumnIndex column : set) {
    key.high ^= keys_[column].high;
    key.low ^= keys_[column].low;
  }
  return key;
}

const SwitchRule& LaneCache::gather(std::span<const ColumnIndex> set) {
  const Instance& instance = columns_.instance();
  services_.clear();
  for (const ColumnIndex column : set) services_.push_back(service_of(instance, columns_[column].option));
  rule_ = switch_rule_of(instance, columns_[set.front()].helper);
  return rule_;
}

ExactLaneParameters LaneCache::parameters(std::uint64_t node_limit, bool want_proof) const {
  ExactLaneParameters result;
  result.preemptive = preemptive_;
  result.want_proof = want_proof;
  result.node_limit = node_limit;
  result.search_limit = kSearchLimit;
  result.stop = stop_;
  return result;
}

LaneCache::Known& LaneCache::known_of(std::span<const ColumnIndex> set) {
  if (known_->size() >= most_known_) forget();
  return known_->try_emplace(key_of(set), Known{}).first->second;
}

std::optional<LaneCache::Verdict> LaneCache::known(std::span<const ColumnIndex> set, Time makespan) const {
  const auto place = known_->find(key_of(set));
  if (place == known_->end()) return std::nullopt;
  if (makespan <= place->second.infeasible_until) return Verdict::kInfeasible;
  if (makespan >= place->second.feasible_from) return Verdict::kFeasible;
  return std::nullopt;
}

void LaneCache::note_infeasible(std::span<const ColumnIndex> set, Time makespan) {
  Known& known = known_of(set);
  known.infeasible_until = std::max(known.infeasible_until, makespan);
}

LaneCache::Verdict LaneCache::decide(std::span<const ColumnIndex> set, Time makespan, std::uint64_t node_limit) {
  if (set.empty()) return Verdict::kFeasible;
  Known& known = known_of(set);
  if (makespan <= known.infeasible_until) return Verdict::kInfeasible;
  if (makespan >= known.feasible_from) return Verdict::kFeasible;
  if (known.feasible_from == kNever) {
    known.feasible_from = quick_end(set);
    if (makespan >= known.feasible_from) return Verdict::kFeasible;
  }
  if (has_given_up_) node_limit = std::min(node_limit, kNodesInVain);
  if (makespan == known.undecided && node_limit <= known.nodes) return Verdict::kUnknown;
  const SwitchRule& rule = gather(set);
  oracle_.start(services_, rule, preemptive_);
  const Verdict verdict = oracle_.decide(makespan, parameters(node_limit, false));
  known.feasible_from = std::min(known.feasible_from, oracle_.makespan());
  if (verdict == Verdict::kUnknown) {
    known.undecided = makespan;
    known.nodes = node_limit;
    has_given_up_ = has_given_up_ || (preemptive_ && rule_.cost > 0 && node_limit >= kNodeLimit);
  }
  if (verdict == Verdict::kInfeasible) known.infeasible_until = makespan;
  return verdict;
}

Time LaneCache::quick_end(std::span<const ColumnIndex> set) {
  if (set.empty()) return 0;
  const SwitchRule& rule = gather(set);
  priority_.clear();
  for (const Service& service : services_) {
    priority_.push_back(service.turnaround + service.backward + service.tail);
    priority_.push_back(service.tail);
  }
  return scheduler_.run(services_, rule, priority_, preemptive_ ? worthwhile_margin(rule) : kNeverPreempt);
}

Lane LaneCache::lane(std::span<const ColumnIndex> set, Time makespan) {
  if (set.empty()) return {};
  if (quick_end(set) <= makespan) return scheduler_.lane();
  ExactLaneParameters limits = parameters(kGenerousNodes, false);
  limits.stop = {};  // a plan that was promised must be delivered
  const SwitchRule& rule = gather(set);
  return decide_lane(services_, rule, makespan, limits).lane;
}

LaneProof LaneCache::proof(std::span<const ColumnIndex> set, Time makespan) {
  const SwitchRule& rule = gather(set);
  LaneDecision decision = decide_lane(services_, rule, makespan, parameters(kGenerousNodes, true));
  if (decision.verdict != Verdict::kInfeasible) throw Stopped{};
  return std::move(decision.proof);
}

}  // namespace splitlane::exact
