#include "report/critical_path.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane::report {

namespace {

using Kind = CriticalStep::Kind;

Kind kind_of(Task task) { return task == Task::kForward ? Kind::kForward : Kind::kBackward; }

// Segments on a helper that does not serve their client say nothing about when the client is ready.
std::vector<Segment> own_segments(const PlanView& view, HelperIndex helper) {
  std::vector<Segment> own;
  for (const Segment& segment : view.lane(helper)) {
    if (view.helper(segment.client) == helper) own.push_back(segment);
  }
  return own;
}

// Goes backwards in time along one helper's lane. `until_` is where the steps taken so far begin; every step ends
// there, so that they stay without gaps and end even on a plan whose segments overlap.
class Walk {
 public:
  explicit Walk(const PlanView& view)
      : view_(view),
        client_(view.critical()),
        lane_(own_segments(view, view.helper(client_))),
        gap_(switch_rule_of(view.instance(), view.helper(client_)).lane_gap()),
        at_(lane_.size()),
        until_(view.times(client_).completion) {}

  std::vector<CriticalStep> steps() {
    step(Kind::kTail, view_.times(client_).backward_end);
    bool more = enter_task(Task::kBackward);
    while (more) more = before_segment();
    std::reverse(steps_.begin(), steps_.end());
    return steps_;
  }

 private:
  void step(Kind kind, Time start) {
    start = std::clamp<Time>(start, 0, until_);
    if (start < until_) steps_.push_back({kind, client_, start, until_});
    until_ = start;
  }

  Time ready(Task task) const {
    return task == Task::kForward ? view_.instance().release(view_.choice(client_))
                                  : view_.times(client_).backward_ready;
  }

  // To the last segment of the client's task before `at_`; when the task has length 0, to what comes before it.
  bool enter_task(Task task) {
    std::size_t index = at_;
    while (index > 0 && !(lane_[index - 1].client == client_ && lane_[index - 1].task == task)) --index;
    if (index == 0) return before_task(task);
    at_ = index - 1;
    return true;
  }

  // What made the client ready for its task. False at time 0.
  bool before_task(Task task) {
    if (task == Task::kForward) {
      step(Kind::kRelease, 0);
      return false;
    }
    step(Kind::kTurnaround, view_.times(client_).forward_end);
    return enter_task(Task::kForward);
  }

  // The segment at `at_`, and the way to what it waited for. False when that is time 0.
  bool before_segment() {
    const Segment segment = lane_[at_];
    client_ = segment.client;
    step(kind_of(segment.task), segment.start);
    const Time own = ready(segment.task);
    const bool first = at_ == 0;
    const Time lane_end = first ? 0 : lane_[at_ - 1].end;
    const bool continues =
        !first && lane_[at_ - 1].client == client_ && lane_[at_ - 1].task == segment.task && lane_end == segment.start;
    const Time lane_free = lane_end + (continues ? 0 : gap_);
    if (own >= std::min(segment.start, lane_free)) {
      step(Kind::kIdle, own);
      return before_task(segment.task);
    }
    step(Kind::kIdle, lane_free);
    step(Kind::kSwitch, lane_end);
    if (first) return false;
    --at_;
    return true;
  }

  const PlanView& view_;
  ClientIndex client_;
  std::vector<Segment> lane_;
  Time gap_;
  std::size_t at_;
  Time until_;
  std::vector<CriticalStep> steps_;
};

}  // namespace

std::vector<CriticalStep> critical_path(const PlanView& view) {
  const ClientIndex critical = view.critical();
  if (critical.is_none()) return {};
  if (view.is_local(critical)) {
    if (view.makespan() == 0) return {};
    return {{Kind::kLocal, critical, 0, view.makespan()}};
  }
  return Walk(view).steps();
}

}  // namespace splitlane::report
