#include "methods/exact/lane_oracle.hpp"

#include <algorithm>
#include <limits>

namespace splitlane::exact {

namespace {

constexpr std::uint64_t kSearchLimit = 400;
constexpr Time kNever = std::numeric_limits<Time>::max();

}  // namespace

std::size_t LaneOracle::Hash::operator()(const std::vector<ColumnIndex>& set) const {
  std::size_t hash = 0xcbf29ce484222325u;
  for (const ColumnIndex column : set) hash = (hash ^ column) * 0x100000001b3u;
  return hash;
}

LaneOracle::LaneOracle(const ColumnTable& columns, bool preemptive, const StopCondition& stop)
    : columns_(columns), preemptive_(preemptive), stop_(stop) {}

const SwitchRule& LaneOracle::gather(std::span<const ColumnIndex> set) {
  const Instance& instance = columns_.instance();
  services_.clear();
  for (const ColumnIndex column : set) services_.push_back(service_of(instance, columns_[column].option));
  rule_ = switch_rule_of(instance, columns_[set.front()].helper);
  return rule_;
}

ExactLaneParameters LaneOracle::parameters(std::uint64_t node_limit, bool want_proof) const {
  ExactLaneParameters result;
  result.preemptive = preemptive_;
  result.want_proof = want_proof;
  result.node_limit = node_limit;
  result.search_limit = kSearchLimit;
  result.stop = stop_;
  return result;
}

LaneOracle::Verdict LaneOracle::decide(std::vector<ColumnIndex>& set, Time makespan, std::uint64_t node_limit) {
  if (set.empty()) return Verdict::kFeasible;
  if (quick_end(set) <= makespan) return Verdict::kFeasible;
  key_.clear();
  for (const ColumnIndex column : set) key_.push_back(columns_.twin_column(column));
  std::sort(key_.begin(), key_.end());
  Known& known = known_.try_emplace(key_, Known{-1, kNever}).first->second;
  if (makespan <= known.infeasible_until) return Verdict::kInfeasible;
  if (makespan >= known.feasible_from) return Verdict::kFeasible;
  std::sort(set.begin(), set.end());
  const SwitchRule& rule = gather(set);
  const LaneDecision decision = decide_lane(services_, rule, makespan, parameters(node_limit, false));
  if (decision.verdict == Verdict::kInfeasible) known.infeasible_until = makespan;
  if (decision.verdict == Verdict::kFeasible) known.feasible_from = makespan;
  return decision.verdict;
}

Time LaneOracle::quick_end(std::span<const ColumnIndex> set) {
  if (set.empty()) return 0;
  const SwitchRule& rule = gather(set);
  priority_.clear();
  for (const Service& service : services_) {
    priority_.push_back(service.turnaround + service.backward + service.tail);
    priority_.push_back(service.tail);
  }
  return scheduler_.run(services_, rule, priority_, preemptive_ ? worthwhile_margin(rule) : kNeverPreempt);
}

Lane LaneOracle::lane(std::span<const ColumnIndex> set, Time makespan) {
  if (set.empty()) return {};
  if (quick_end(set) <= makespan) return scheduler_.lane();
  std::vector<ColumnIndex> sorted(set.begin(), set.end());
  std::sort(sorted.begin(), sorted.end());
  const SwitchRule& rule = gather(sorted);
  ExactLaneParameters limits = parameters(1'000'000, false);
  limits.stop = {};  // a plan that is promised must be delivered
  LaneDecision decision = decide_lane(services_, rule, makespan, limits);
  for (LaneSegment& segment : decision.lane) {
    const auto place = std::find(set.begin(), set.end(), sorted[segment.service]);
    segment.service = static_cast<std::uint32_t>(place - set.begin());
  }
  return decision.lane;
}

LaneProof LaneOracle::proof(std::span<const ColumnIndex> set, Time makespan) {
  const SwitchRule& rule = gather(set);
  ExactLaneParameters limits = parameters(1'000'000, true);
  limits.stop = {};
  return decide_lane(services_, rule, makespan, limits).proof;
}

}  // namespace splitlane::exact
