#include "report/critical_path.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace splitlane::report {

namespace {

StepKind kind_of(Task task) { return task == Task::kForward ? StepKind::kForward : StepKind::kBackward; }

// Goes backwards in time. `until_` is where the steps taken so far begin; every step ends there, so that they stay
// without gaps and end even on a plan whose segments overlap.
class Walk {
 public:
  explicit Walk(const Course& course) : course_(course), here_(course.last()), until_(course.makespan()) {}

  std::vector<Step> steps() {
    Place place = Place::kCompletion;
    while (place != Place::kTheBeginning) place = before(place);
    std::reverse(steps_.begin(), steps_.end());
    return steps_;
  }

 private:
  enum class Place : std::uint8_t { kCompletion, kBackward, kForward, kSegment, kBatchStart, kTheBeginning };

  Place before(Place place) {
    switch (place) {
      case Place::kCompletion: return before_completion();
      case Place::kBackward: return before_task(Task::kBackward);
      case Place::kForward: return before_task(Task::kForward);
      case Place::kSegment: return before_segment();
      case Place::kBatchStart: return before_batch();
      case Place::kTheBeginning: break;
    }
    return Place::kTheBeginning;
  }

  void step(StepKind kind, std::optional<Time> from) {
    const Time start = std::clamp<Time>(from.value_or(0), 0, until_);
    if (start < until_) steps_.push_back({kind, here_.client, start, until_, here_.batch});
    until_ = start;
  }

  const BatchTimes& times() const { return course_.times(here_); }

  Place before_completion() {
    if (!times().release) {
      step(StepKind::kLocal, times().start);
      return Place::kBatchStart;
    }
    step(StepKind::kTail, times().backward_end);
    return Place::kBackward;
  }

  // To the task's last segment up to now; where it has none, to what made the client ready for it.
  Place before_task(Task task) {
    const std::span<const std::size_t> own = course_.own_segments(here_);
    const auto last = std::find_if(own.rbegin(), own.rend(), [&](std::size_t position) {
      const TraceSegment& segment = course_.segments()[position];
      return segment.task == task && segment.end <= until_;
    });
    if (last != own.rend()) {
      at_ = *last;
      return Place::kSegment;
    }
    return before_ready(task);
  }

  Place before_ready(Task task) {
    if (task == Task::kForward) {
      step(StepKind::kRelease, times().start);
      return Place::kBatchStart;
    }
    step(StepKind::kTurnaround, times().forward_end);
    return Place::kForward;
  }

  // The segment at `at_`, and the way to what it waited for.
  Place before_segment() {
    const TraceSegment& segment = course_.segments()[at_];
    here_ = {segment.client, segment.batch};
    step(kind_of(segment.task), segment.start);
    const HelperIndex helper = course_.helper_at(at_);
    const bool first = at_ == 0 || course_.helper_at(at_ - 1) != helper;
    const TraceSegment* previous = first ? nullptr : &course_.segments()[at_ - 1];
    const Time lane_end = first ? 0 : previous->end;
    const bool continues = !first && previous->client == segment.client && previous->batch == segment.batch &&
                           previous->task == segment.task && lane_end == segment.start;
    const Time lane_free = lane_end + (continues ? 0 : course_.lane_gap(helper));
    const std::optional<Time> ready = ready_of_own(segment);
    if (ready && *ready >= std::min(segment.start, lane_free)) {
      step(StepKind::kIdle, ready);
      return before_ready(segment.task);
    }
    step(StepKind::kIdle, lane_free);
    step(StepKind::kSwitch, lane_end);
    if (first) return Place::kTheBeginning;
    --at_;
    return Place::kSegment;
  }

  // Nothing for a segment that is not one of its batch's own: what its client waited for is not known.
  std::optional<Time> ready_of_own(const TraceSegment& segment) const {
    const std::size_t batches = course_.batches(segment.client).size();
    if (segment.batch < 0 || static_cast<std::size_t>(segment.batch) >= batches) return std::nullopt;
    const std::span<const std::size_t> own = course_.own_segments(here_);
    const auto at = std::partition_point(own.begin(), own.end(), [&](std::size_t position) {
      return course_.segments()[position].start < segment.start;
    });
    if (at == own.end() || *at != at_) return std::nullopt;
    return segment.task == Task::kForward ? times().release : times().backward_ready;
  }

  Place before_batch() {
    const Time start = until_;
    std::optional<ClientBatch> before;
    Time completion = 0;
    if (here_.batch > 0) {
      before = {here_.client, here_.batch - 1};
      const ClientBatch& latest = course_.latest_of(here_.batch - 1);
      completion = course_.times(*before).completion.value_or(0);
      const Time all = course_.times(latest).completion.value_or(0);
      if (all <= start && all > completion) {
        before = latest;
        completion = all;
      }
    }
    step(course_.loses_helper(completion, start) ? StepKind::kLost : StepKind::kIdle, completion);
    if (!before) return Place::kTheBeginning;
    here_ = *before;
    return Place::kCompletion;
  }

  const Course& course_;
  ClientBatch here_;
  Time until_;
  std::size_t at_ = 0;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> critical_path(const Course& course) {
  if (course.last().client.is_none()) return {};
  return Walk(course).steps();
}

}  // namespace splitlane::report
