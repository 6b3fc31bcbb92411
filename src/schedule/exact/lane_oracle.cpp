#include "schedule/exact/lane_oracle.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"

namespace splitlane {

namespace {

constexpr int kFirstMirrorRounds = 20;
// Of the enumeration of lanes: most sets need few states, so a short one comes before the local search.
constexpr std::uint64_t kFirstStates = 3000;
constexpr std::uint64_t kStatesPerNode = 10;

}  // namespace

void LaneOracle::start(std::span<const Service> services, const SwitchRule& rule, bool preemptive) {
  services_.assign(services.begin(), services.end());
  rule_ = rule;
  preemptive_ = preemptive;
  has_whole_tasks_ = false;
  plain_.clear();
  for (const Service& service : services_) plain_.push_back(plain_service(service, rule));
  plain_lane_.start(plain_, preemptive);
  makespan_ = std::numeric_limits<Time>::max();
  if (is_plain() || !preemptive) {
    offer_with_gaps(plain_lane_.lane());
    return;
  }
  for (const Time margin : {worthwhile_margin(rule_), kNeverPreempt}) {
    real_list_.start(services_, rule_, margin);
    offer(real_list_.lane());
  }
}

void LaneOracle::offer(const Lane& lane) {
  const Time makespan = makespan_of(evaluate_lane(services_, rule_, lane));
  if (makespan >= makespan_) return;
  makespan_ = makespan;
  lane_ = lane;
}

// A plain task begins with the gap that a task run in one piece needs before it.
void LaneOracle::offer_with_gaps(const Lane& plain_lane) {
  shifted_ = plain_lane;
  for (LaneSegment& segment : shifted_) segment.start += rule_.lane_gap();
  offer(shifted_);
}

LaneOracle::Verdict LaneOracle::decide(Time makespan, const ExactLaneParameters& parameters) {
  proof_.clear();
  if (makespan_ <= makespan) return Verdict::kFeasible;
  Verdict verdict = plain_lane_.decide(makespan, parameters);
  if (verdict == Verdict::kInfeasible) {
    proof_ = plain_lane_.proof();
    return verdict;
  }
  if (is_plain() || !preemptive_) {
    offer_with_gaps(plain_lane_.lane());  // even if late, it may be the best so far
    SPLITLANE_ASSERT(verdict != Verdict::kFeasible || makespan_ <= makespan, makespan_, makespan);
    return verdict;
  }
  // The plain services can be served in time, or may be; now for lanes that pay for their switches.
  if (improve_real_lists(makespan, parameters)) return Verdict::kFeasible;
  const std::uint64_t state_limit =
      std::min(kExhaustiveStateLimit / 2, parameters.node_limit * std::uint64_t{kStatesPerNode});
  verdict = enumerate_real_lanes(makespan, std::min(kFirstStates, state_limit), parameters);
  if (verdict != Verdict::kUnknown) return verdict;
  if (search_real_lanes(makespan, parameters)) return Verdict::kFeasible;
  if (state_limit <= kFirstStates) return verdict;
  return enumerate_real_lanes(makespan, state_limit, parameters);
}

bool LaneOracle::improve_real_lists(Time makespan, const ExactLaneParameters& parameters) {
  for (const Time margin : margins()) {
    real_list_.start(services_, rule_, margin);
    real_list_.try_order_of(plain_lane_.lane());
    real_list_.improve_by_mirroring(makespan, kFirstMirrorRounds, parameters.stop);
    offer(real_list_.lane());
    if (makespan_ <= makespan) return true;
  }
  return false;
}

bool LaneOracle::search_real_lanes(Time makespan, const ExactLaneParameters& parameters) {
  if (!has_whole_tasks_) whole_tasks_.start(plain_, false);
  has_whole_tasks_ = true;
  ExactLaneParameters without_proof = parameters;
  without_proof.want_proof = false;
  whole_tasks_.decide(makespan, without_proof);
  offer_with_gaps(whole_tasks_.lane());
  for (const Time margin : margins()) {
    if (makespan_ <= makespan) return true;
    real_list_.start(services_, rule_, margin);
    real_list_.try_order_of(plain_lane_.lane());
    real_list_.improve_by_exchanges(makespan, parameters.search_limit / margins().size(), parameters.stop);
    offer(real_list_.lane());
  }
  return makespan_ <= makespan;
}

LaneOracle::Verdict LaneOracle::enumerate_real_lanes(Time makespan, std::uint64_t state_limit,
                                                     const ExactLaneParameters& parameters) {
  const Verdict verdict = exhaustive_.decide(services_, rule_, makespan, state_limit, parameters.stop);
  if (verdict == Verdict::kFeasible) offer(exhaustive_.lane());
  if (verdict == Verdict::kInfeasible && parameters.want_proof) {
    proof_.push_back({LaneProofStep::Kind::kExhaustive, 0, 0, {}});
  }
  return verdict;
}

Time LaneOracle::lower_bound(Time limit, const StopCondition& stop) { return plain_lane_.lower_bound(limit, stop); }

}  // namespace splitlane
