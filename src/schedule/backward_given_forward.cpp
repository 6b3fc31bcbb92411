#include <algorithm>
#include <cstddef>
#include <limits>
#include <queue>

#include "base/assert.hpp"
#include "schedule/list_schedule.hpp"

namespace splitlane {

namespace {

struct Arrival {
  Time ready;
  std::uint32_t service;
};

struct Waiting {
  Time tail;
  std::uint32_t service;
  // The heap's top is the largest tail; ties go to the lower position.
  bool operator<(const Waiting& other) const {
    return tail != other.tail ? tail < other.tail : service > other.service;
  }
};

/// The time that forward segments leave for backward ones: the stretch before each, and the open end.
struct FreeStretch {
  Time start;
  Time end;
};

std::vector<FreeStretch> free_stretches(std::span<const LaneSegment> forward_lane, Time gap) {
  std::vector<FreeStretch> result;
  Time start = gap;
  for (const LaneSegment& segment : forward_lane) {
    SPLITLANE_ASSERT(segment.task == Task::kForward && segment.start >= start, segment.service, segment.start, start);
    result.push_back({start, segment.start - gap});
    start = segment.end + gap;
  }
  result.push_back({start, std::numeric_limits<Time>::max()});
  return result;
}

class BackwardFiller {
 public:
  BackwardFiller(std::span<const Service> services, const SwitchRule& rule, std::span<const LaneSegment> forward_lane)
      : rule_(rule) {
    const std::vector<ServiceTimes> times = evaluate_lane(services, rule, forward_lane);
    remaining_.resize(services.size());
    for (std::uint32_t service = 0; service < services.size(); ++service) {
      remaining_[service] = services[service].backward;
      tails_.push_back(services[service].tail);
      if (remaining_[service] > 0) arrivals_.push_back({times[service].backward_ready, service});
    }
    std::stable_sort(arrivals_.begin(), arrivals_.end(),
                     [](const Arrival& left, const Arrival& right) { return left.ready < right.ready; });
  }

  bool done() const { return waiting_.empty() && next_arrival_ == arrivals_.size(); }

  /// Runs whatever is ready inside the stretch, the largest tail first at every instant, and appends to `lane`.
  void fill(const FreeStretch& stretch, Lane& lane) {
    Time now = stretch.start;
    while (now < stretch.end && !done()) {
      admit_until(now);
      if (waiting_.empty()) {
        now = std::min(stretch.end, arrivals_[next_arrival_].ready);
        continue;
      }
      const Waiting running = waiting_.top();
      waiting_.pop();
      const Time end = run_until(running, now, stretch.end);
      lane.push_back({running.service, Task::kBackward, now, end});
      remaining_[running.service] -= end - now;
      if (remaining_[running.service] > 0) waiting_.push(running);
      now = end + rule_.lane_gap();
    }
  }

 private:
  void admit_until(Time now) {
    for (; next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].ready <= now; ++next_arrival_) {
      const std::uint32_t service = arrivals_[next_arrival_].service;
      waiting_.push({tails_[service], service});
    }
  }

  Time run_until(const Waiting& running, Time start, Time limit) {
    const Time end = std::min(limit, start + remaining_[running.service]);
    while (next_arrival_ < arrivals_.size() && arrivals_[next_arrival_].ready < end) {
      const Time now = arrivals_[next_arrival_].ready;
      admit_until(now);
      if (!waiting_.empty() && waiting_.top().tail > running.tail + 2 * rule_.cost) return now;
    }
    return end;
  }

  SwitchRule rule_;
  std::vector<Time> tails_;
  std::vector<Time> remaining_;
  std::vector<Arrival> arrivals_;
  std::size_t next_arrival_ = 0;
  std::priority_queue<Waiting> waiting_;
};

}  // namespace

Lane schedule_backward_given_forward(std::span<const Service> services, const SwitchRule& rule,
                                     std::span<const LaneSegment> forward_lane) {
  BackwardFiller filler(services, rule, forward_lane);
  Lane lane;
  const std::vector<FreeStretch> stretches = free_stretches(forward_lane, rule.lane_gap());
  for (std::size_t index = 0; index < stretches.size(); ++index) {
    filler.fill(stretches[index], lane);
    if (index < forward_lane.size()) lane.push_back(forward_lane[index]);
  }
  SPLITLANE_ASSERT(filler.done());
  return lane;
}

}  // namespace splitlane
