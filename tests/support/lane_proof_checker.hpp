#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "splitlane/certificate/lane_proof.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::test {

/// Checks a LaneProof from what lane_proof.hpp says of its steps, as plainly as possible: every node keeps its own
/// copy of heads and deadlines and of the orders decided above it. For plain services of small numbers (the coupling
/// bound is summed instant by instant).
class LaneProofChecker {
 public:
  LaneProofChecker(std::span<const Service> services, Time makespan, bool preemptive)
      : services_(services.begin(), services.end()), makespan_(makespan), preemptive_(preemptive) {}

  bool accepts(const LaneProof& proof) {
    if (proof.size() == 1 && proof[0].kind == LaneProofStep::Kind::kCoupling) return coupling_holds(proof[0].weights);
    State state;
    for (const Service& service : services_) {
      const Time deadline = makespan_ - service.tail;
      state.head.push_back(service.release);
      state.head.push_back(service.release + service.forward + service.turnaround);
      state.deadline.push_back(deadline - service.backward - service.turnaround);
      state.deadline.push_back(deadline);
    }
    std::size_t next = 0;
    return subtree_holds(proof, next, state) && next == proof.size();
  }

 private:
  __extension__ using Wide = __int128;

  struct State {
    std::vector<Time> head;
    std::vector<Time> deadline;
    std::vector<std::pair<std::size_t, std::size_t>> orders;
  };

  Time work(std::size_t task) const {
    return task % 2 == 0 ? services_[task / 2].forward : services_[task / 2].backward;
  }

  bool window_holds(const LaneProofStep& step, const State& state) const {
    Time load = 0;
    for (std::size_t task = 0; task < state.head.size(); ++task) {
      if (state.head[task] >= step.first && state.deadline[task] <= step.second) load += work(task);
    }
    return load > std::max<Time>(0, step.second - step.first);
  }

  // One pass a decided order and client at least, so as many passes as there are of these reach the fixpoint, unless
  // the orders form a cycle; whatever the passes give by then holds anyway.
  void close(State& state) const {
    for (std::size_t pass = 0; pass <= 2 * (state.orders.size() + services_.size()); ++pass) {
      for (const auto& [before, behind] : state.orders) {
        state.head[behind] = std::max(state.head[behind], state.head[before] + work(before));
        state.deadline[before] = std::min(state.deadline[before], state.deadline[behind] - work(behind));
      }
      for (std::size_t task = 0; task < state.head.size(); task += 2) {
        const Time wait = services_[task / 2].turnaround;
        state.head[task + 1] = std::max(state.head[task + 1], state.head[task] + work(task) + wait);
        state.deadline[task] = std::min(state.deadline[task], state.deadline[task + 1] - work(task + 1) - wait);
      }
    }
  }

  bool subtree_holds(const LaneProof& proof, std::size_t& next, const State& state) const {
    if (next == proof.size()) return false;
    const LaneProofStep& step = proof[next++];
    if (step.kind == LaneProofStep::Kind::kWindow) return window_holds(step, state);
    State left = state;
    State right = state;
    const auto first = static_cast<std::size_t>(step.first);
    if (step.kind == LaneProofStep::Kind::kCompletion) {
      if (step.first < 0 || first >= services_.size()) return false;
      left.deadline[2 * first] = std::min(left.deadline[2 * first], step.second);
      right.head[2 * first + 1] = std::max(right.head[2 * first + 1], step.second + 1 + services_[first].turnaround);
    } else if (step.kind == LaneProofStep::Kind::kOrder && !preemptive_) {
      const auto second = static_cast<std::size_t>(step.second);
      const std::size_t tasks = state.head.size();
      if (step.first < 0 || step.second < 0 || first >= tasks || second >= tasks || first == second) return false;
      left.orders.emplace_back(first, second);
      right.orders.emplace_back(second, first);
    } else {
      return false;
    }
    if (!preemptive_) {
      close(left);
      close(right);
    }
    return subtree_holds(proof, next, left) && subtree_holds(proof, next, right);
  }

  // Twice the least sum of weight * mean busy time: at every instant the released task of largest weight / work.
  Wide twice_busy_time(const std::vector<std::int64_t>& weights, bool forward) const {
    std::vector<Time> left;
    for (const Service& service : services_) left.push_back(forward ? service.forward : service.backward);
    Wide total = 0;
    const auto density = [&](std::size_t index) {
      return Wide{weights[index]} * (forward ? services_[index].backward : services_[index].forward);
    };
    for (Time now = 0; std::any_of(left.begin(), left.end(), [](Time amount) { return amount > 0; }); ++now) {
      std::size_t best = services_.size();
      for (std::size_t index = 0; index < services_.size(); ++index) {
        const Time release = forward ? services_[index].release : services_[index].tail;
        if (left[index] == 0 || release > now) continue;
        if (best == services_.size() || density(index) > density(best)) best = index;
      }
      if (best == services_.size()) continue;
      --left[best];
      total += density(best) * (2 * now + 1);
    }
    return total;
  }

  bool coupling_holds(const std::vector<std::int64_t>& weights) const {
    if (weights.size() != services_.size()) return false;
    Wide sum = 0;
    Wide bound = 0;
    for (std::size_t index = 0; index < services_.size(); ++index) {
      if (weights[index] < 0) return false;
      const Service& service = services_[index];
      const Wide weight = Wide{weights[index]} * service.forward * service.backward;
      sum += weight;
      bound += weight * (2 * service.turnaround + service.forward + service.backward);
    }
    bound += twice_busy_time(weights, true) + twice_busy_time(weights, false);
    return bound > 2 * sum * makespan_;
  }

  std::vector<Service> services_;
  Time makespan_;
  bool preemptive_;
};

}  // namespace splitlane::test
