#include "splitlane/execution/followed_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

FollowedPlan empty_plan(std::vector<OptionIndex> choice, BatchCounts batches, Time makespan) {
  FollowedPlan result;
  result.choice = std::move(choice);
  result.batches = std::move(batches);
  result.makespan = makespan;
  result.first.push_back(0);
  for (const std::int64_t count : result.batches) {
    result.first.push_back(result.first.back() + static_cast<std::size_t>(count));
  }
  result.planned.resize(result.first.back());
  return result;
}

/// Fills in the ends and pauses of one lane, whose segments come in order of time.
class LaneFollower {
 public:
  explicit LaneFollower(FollowedPlan& plan) : plan_(plan) {}

  /// Batches from 0.
  void add(ClientIndex client, std::int64_t batch, Task task, Time start, Time end) {
    SPLITLANE_ASSERT(batch >= 0 && batch < plan_.batches[client.value()], client.value(), batch);
    const bool continues = client == client_ && batch == batch_ && task == task_ && start == end_;
    PlannedBatch& planned = plan_.planned[plan_.first[client.value()] + static_cast<std::size_t>(batch)];
    const bool forward = task == Task::kForward;
    Time& planned_end = forward ? planned.forward_end : planned.backward_end;
    std::uint32_t& pauses = forward ? planned.forward_pauses : planned.backward_pauses;
    if (planned_end > 0 && !continues) ++pauses;
    planned_end = end;
    client_ = client;
    batch_ = batch;
    task_ = task;
    end_ = end;
  }

 private:
  FollowedPlan& plan_;
  ClientIndex client_;
  std::int64_t batch_ = 0;
  Task task_ = Task::kForward;
  Time end_ = 0;
};

// A helper that a phase does not list runs as in the phase before.
void follow_phases(const Round& round, std::size_t helpers, FollowedPlan& plan) {
  std::vector<const std::vector<Segment>*> lanes(helpers, nullptr);
  Time start = 0;
  for (const RoundPhase& phase : round.phases) {
    for (const RoundPhase::PhaseLane& lane : phase.lanes) lanes[lane.helper.value()] = &lane.segments;
    for (std::int64_t batch = phase.first_batch - 1; batch < phase.first_batch - 1 + phase.batch_count; ++batch) {
      for (const std::vector<Segment>* lane : lanes) {
        LaneFollower follower(plan);
        if (lane == nullptr) continue;
        for (const Segment& segment : *lane) {
          follower.add(segment.client, batch, segment.task, start + segment.start, start + segment.end);
        }
      }
      start += phase.makespan;
    }
  }
}

}  // namespace

FollowedPlan followed(const Instance& instance, const Schedule& schedule) {
  FollowedPlan result = empty_plan(schedule.choice, BatchCounts(instance.client_count(), 1), schedule.makespan);
  for (const HelperIndex helper : instance.helpers()) {
    LaneFollower follower(result);
    for (const Segment& segment : schedule.segments.lane(helper)) {
      follower.add(segment.client, 0, segment.task, segment.start, segment.end);
    }
  }
  return result;
}

FollowedPlan followed(const Instance& instance, const Round& round) {
  std::int64_t total = 0;
  for (const std::int64_t count : round.batches) total = std::min(total + count, kMostFollowedBatches + 1);
  const bool many =
      std::any_of(round.batches.begin(), round.batches.end(), [](std::int64_t count) { return count > 1; });
  if (many && total > kMostFollowedBatches) {
    throw Error(ErrorCode::kUsage, {"batches", "too many batches of all clients together to follow one by one", "more",
                                    fmt::format("at most {}", kMostFollowedBatches)});
  }
  FollowedPlan result = empty_plan(round.choice, round.batches, round.makespan);
  result.barrier = round.way == RoundWay::kBarrier;
  if (result.barrier) {
    follow_phases(round, instance.helper_count(), result);
    return result;
  }
  for (const std::vector<BatchSegment>& lane : round.lanes) {
    LaneFollower follower(result);
    for (const BatchSegment& segment : lane) {
      follower.add(segment.client, segment.batch - 1, segment.task, segment.start, segment.end);
    }
  }
  return result;
}

}  // namespace splitlane
