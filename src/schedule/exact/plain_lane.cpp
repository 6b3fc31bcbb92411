#include "schedule/exact/plain_lane.hpp"

#include <algorithm>

namespace splitlane {

namespace {

// A sweep over all windows of more services than this takes longer than a stop condition may go unasked.
constexpr std::size_t kLargestTree = 500;
constexpr int kPlainMirrorRounds = 20;
constexpr int kCouplingRounds = 150;
// Tree and local search take turns, as either may be the one that decides at once; these are the turns before the last,
// which is as long as the limits allow.
constexpr std::uint64_t kFirstNodes = 40;
constexpr std::uint64_t kFirstLists = 200;
constexpr std::uint64_t kSecondNodes = 1000;

}  // namespace

bool PlainLane::has_room_for_tree() const { return services_.size() <= kLargestTree; }

void PlainLane::start(std::span<const Service> services, bool preemptive) {
  services_ = services;
  longest_idle_path_ = 0;
  for (const Service& service : services) {
    if (service.load() == 0) longest_idle_path_ = std::max(longest_idle_path_, service.path());
  }
  if (preemptive) {
    tree_ = &completion_tree_;
  } else {
    tree_ = &order_tree_;
  }
  list_.start(services, {}, preemptive ? 0 : kNeverPreempt);
}

PlainLane::Verdict PlainLane::decide(Time makespan, const ExactLaneParameters& parameters) {
  proof_.clear();
  if (list_.makespan() <= makespan) return Verdict::kFeasible;
  if (longest_idle_path_ > makespan) return Verdict::kInfeasible;
  if (!has_room_for_tree()) return decide_large(makespan, parameters);
  if (tree_->start(services_, makespan, parameters.want_proof, parameters.stop) == Verdict::kInfeasible) {
    if (parameters.want_proof) proof_ = tree_->proof();
    return Verdict::kInfeasible;
  }
  if (list_.improve_by_mirroring(makespan, kPlainMirrorRounds, parameters.stop)) return Verdict::kFeasible;
  Verdict verdict = search_tree(kFirstNodes, parameters);
  if (verdict != Verdict::kUnknown) return verdict;
  if (is_refuted_by_coupling(makespan, parameters.want_proof)) return Verdict::kInfeasible;
  const std::uint64_t first_lists = std::min(kFirstLists, parameters.search_limit);
  if (list_.improve_by_exchanges(makespan, first_lists, parameters.stop)) return Verdict::kFeasible;
  verdict = search_tree(kSecondNodes, parameters);
  if (verdict != Verdict::kUnknown || parameters.node_limit <= kSecondNodes) return verdict;
  if (list_.improve_by_exchanges(makespan, parameters.search_limit - first_lists, parameters.stop)) {
    return Verdict::kFeasible;
  }
  return search_tree(parameters.node_limit, parameters);
}

PlainLane::Verdict PlainLane::decide_large(Time makespan, const ExactLaneParameters& parameters) {
  if (static_bound_.of(services_) > makespan) {
    if (parameters.want_proof) {
      const Window window = static_bound_.overloaded_at(makespan);
      proof_.push_back({LaneProofStep::Kind::kWindow, window.first, window.second, {}});
    }
    return Verdict::kInfeasible;
  }
  if (list_.improve_by_mirroring(makespan, kPlainMirrorRounds, parameters.stop) ||
      list_.improve_by_exchanges(makespan, parameters.search_limit, parameters.stop)) {
    return Verdict::kFeasible;
  }
  return Verdict::kUnknown;
}

PlainLane::Verdict PlainLane::search_tree(std::uint64_t node_limit, const ExactLaneParameters& parameters) {
  const Verdict verdict = tree_->search(std::min(node_limit, parameters.node_limit), parameters.stop);
  if (verdict == Verdict::kFeasible) list_.offer(tree_->makespan(), tree_->lane());
  if (verdict == Verdict::kInfeasible && parameters.want_proof) proof_ = tree_->proof();
  return verdict;
}

bool PlainLane::is_refuted_by_coupling(Time makespan, bool want_proof) {
  if (!coupling_.refutes(services_, makespan, kCouplingRounds)) return false;
  if (want_proof) proof_.push_back({LaneProofStep::Kind::kCoupling, 0, 0, coupling_.weights()});
  return true;
}

Time PlainLane::lower_bound(Time limit, const StopCondition& stop) {
  Time bound = static_bound_.of(services_);
  if (!has_room_for_tree()) return bound;
  while (bound < limit && !stop.reached()) {
    const Time middle = bound + (limit - bound) / 2;
    if (tree_->start(services_, middle, false, stop) == Verdict::kInfeasible) {
      bound = middle + 1;
    } else {
      limit = middle;
    }
  }
  return bound;
}

}  // namespace splitlane
