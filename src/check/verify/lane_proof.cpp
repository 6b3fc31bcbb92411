#include "check/verify/lane_proof.hpp"

#include <algorithm>

#include "check/verify/lane_tasks.hpp"
#include "check/verify/preorder.hpp"

namespace splitlane::verify_detail {

namespace {

class LaneProofVisitor {
 public:
  LaneProofVisitor(std::span<const PlainOption> services, const LaneProof& proof, Scene& scene)
      : services_(services), proof_(proof), scene_(scene), tasks_(services, scene) {}

  LaneTasks::Mark mark() const { return tasks_.mark(); }
  void undo(const LaneTasks::Mark& mark) { tasks_.undo(mark); }

  int enter(std::size_t step) {
    const LaneProofStep& rule = proof_[step];
    if (rule.kind != LaneProofStep::Kind::kCoupling) require_range(rule);
    switch (rule.kind) {
      case LaneProofStep::Kind::kWindow: check_window(rule); return 0;
      case LaneProofStep::Kind::kCoupling: check_coupling(rule); return 0;
      case LaneProofStep::Kind::kExhaustive: refuse("an exhaustive step must be the whole proof");
      case LaneProofStep::Kind::kCompletion:
        require_index("service", rule.first, services_.size());
        tasks_.end_by(static_cast<std::size_t>(rule.first), rule.second);
        return 2;
      case LaneProofStep::Kind::kOrder:
        require_order(rule);
        tasks_.order(static_cast<std::size_t>(rule.first), static_cast<std::size_t>(rule.second));
        return 2;
    }
    refuse("no such kind of step");
  }

  void enter_second(std::size_t step) {
    const LaneProofStep& rule = proof_[step];
    if (rule.kind == LaneProofStep::Kind::kCompletion) {
      tasks_.end_after(static_cast<std::size_t>(rule.first), rule.second);
    } else {
      tasks_.order(static_cast<std::size_t>(rule.second), static_cast<std::size_t>(rule.first));
    }
  }

 private:
  static void require_range(const LaneProofStep& rule) {
    for (const Time number : {rule.first, rule.second}) {
      if (number < -kLargestNumber || number > kLargestNumber) refuse(fmt::format("{} is past 2^53", number));
    }
  }

  static void require_index(std::string_view what, Time index, std::size_t count) {
    if (index >= 0 && static_cast<std::size_t>(index) < count) return;
    refuse(fmt::format("there is no {} {}, they end at {}", what, index, static_cast<Time>(count) - 1));
  }

  // Rule L3.
  void check_window(const LaneProofStep& rule) const {
    const Time room = std::max<Time>(0, rule.second - rule.first);
    const Wide work = tasks_.work_within(rule.first, rule.second);
    if (work <= room)
      refuse(fmt::format("the window from {} to {} has room for its {}", rule.first, rule.second, work));
  }

  // Rule L6.
  void check_coupling(const LaneProofStep& rule) const {
    if (proof_.size() != 1) refuse("a coupling bound must be the whole proof");
    if (rule.weights.size() != services_.size()) {
      refuse(fmt::format("{} weights for {} options", rule.weights.size(), services_.size()));
    }
    if (!coupling_bound_exceeds(services_, rule.weights, scene_.makespan)) {
      refuse(fmt::format("the coupling bound does not exceed {}", scene_.makespan));
    }
  }

  // Rule L5. A task without work takes no place in the order of the lane: it can be over while another one runs.
  void require_order(const LaneProofStep& rule) const {
    if (scene_.certificate.preemptive) refuse("an order of tasks proves nothing about plans that preempt");
    for (const Time task : {rule.first, rule.second}) {
      require_index("task", task, tasks_.task_count());
      if (tasks_.work(static_cast<std::size_t>(task)) == 0) refuse(fmt::format("task {} has no work to order", task));
    }
    if (rule.first == rule.second) refuse(fmt::format("task {} before itself", rule.first));
  }

  std::span<const PlainOption> services_;
  const LaneProof& proof_;
  Scene& scene_;
  LaneTasks tasks_;
};

}  // namespace

void check_lane_proof(std::span<const PlainOption> services, const LaneProof& proof, Scene& scene) {
  LaneProofVisitor visitor(services, proof, scene);
  walk_preorder("proof", proof.size(), visitor);
}

}  // namespace splitlane::verify_detail
