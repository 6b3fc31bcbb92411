#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.hpp"
#include "round/chain.hpp"
#include "round/replay.hpp"
#include "round/ways.hpp"
#include "splitlane/error.hpp"
#include "splitlane/round/round.hpp"

namespace splitlane {

namespace {

using namespace round_detail;

/// The paper's round, phase by phase. Only the helpers that a finished client leaves are scheduled anew.
class BarrierRound {
 public:
  BarrierRound(const Instance& instance, const Schedule& schedule, const BatchCounts& batches, PacedStop& pace)
      : instance_(instance),
        schedule_(schedule),
        pace_(pace),
        served_(lane_clients(instance, schedule.choice, BatchCounts(instance.client_count(), 1))) {
    for (const HelperIndex helper : instance.helpers()) {
      const std::span<const Segment> lane = schedule.segments.lane(helper);
      segments_.emplace_back(lane.begin(), lane.end());
    }
    round_.way = RoundWay::kBarrier;
    round_.choice = schedule.choice;
    round_.batches = batches;
    round_.completion.assign(instance.client_count(), 0);
    completion_in_batch_.assign(instance.client_count(), 0);
    lane_end_.assign(instance.helper_count(), 0);
    ends_.insert(lane_end_.begin(), lane_end_.end());
    for (const ClientIndex client : instance.clients()) {
      by_count_.emplace_back(batches[client.value()], client);
      const OptionIndex option = schedule.choice[client.value()];
      if (!instance.is_local(option)) continue;
      completion_in_batch_[client.value()] = instance.path(option);
      ends_.insert(instance.path(option));
    }
    std::sort(by_count_.begin(), by_count_.end());
  }

  Round run() {
    std::set<HelperIndex> changed;
    for (const HelperIndex helper : instance_.helpers()) changed.insert(helper);
    Time now = 0;
    std::int64_t batches_done = 0;
    for (std::size_t next = 0; next < by_count_.size();) {
      const std::int64_t last_batch = by_count_[next].first;
      SPLITLANE_ASSERT(last_batch > batches_done, last_batch, batches_done);
      RoundPhase phase{batches_done + 1, last_batch - batches_done, 0, {}};
      for (const HelperIndex helper : changed) phase.lanes.push_back(scheduled(helper));
      phase.makespan = *ends_.rbegin();
      const Time last_start = advanced(now, phase.batch_count - 1, phase.makespan);
      now = advanced(last_start, 1, phase.makespan);
      changed.clear();
      for (; next < by_count_.size() && by_count_[next].first == last_batch; ++next) {
        finish(by_count_[next].second, last_start, changed);
      }
      for (const HelperIndex helper : changed) leave_finished(helper, last_batch);
      batches_done = last_batch;
      round_.phases.push_back(std::move(phase));
    }
    round_.makespan = now;
    return std::move(round_);
  }

 private:
  // A plan that idles may make phases longer than the sum of paths, which was checked before.
  static Time advanced(Time now, std::int64_t batches, Time makespan) {
    Time duration = 0;
    if (!__builtin_mul_overflow(batches, makespan, &duration) && duration <= kLargestNumber - now)
      return now + duration;
    throw Error(ErrorCode::kOverflow, {"batches", "the round ends past 2^53",
                                       fmt::format("{} batches of {}", batches, makespan), "fewer batches"});
  }

  RoundPhase::PhaseLane scheduled(HelperIndex helper) {
    const std::vector<LaneClient>& clients = served_[helper.value()];
    LaneReplay replay(clients, switch_rule_of(instance_, helper), segments_[helper.value()], pace_);
    replay.replay_batch();
    Time end = 0;
    for (std::size_t position = 0; position < clients.size(); ++position) {
      completion_in_batch_[clients[position].client.value()] = replay.chain(position).completion();
      end = std::max(end, replay.chain(position).completion());
    }
    erase_end(lane_end_[helper.value()]);
    ends_.insert(end);
    lane_end_[helper.value()] = end;
    RoundPhase::PhaseLane lane{helper, {}};
    for (const BatchSegment& segment : replay.take()) {
      lane.segments.push_back({segment.client, segment.task, segment.start, segment.end});
    }
    return lane;
  }

  void erase_end(Time end) {
    const auto place = ends_.find(end);
    SPLITLANE_ASSERT(place != ends_.end(), end, ends_.size());
    ends_.erase(place);
  }

  void finish(ClientIndex client, Time last_start, std::set<HelperIndex>& changed) {
    pace_.spend();
    const Time in_batch = completion_in_batch_[client.value()];
    round_.completion[client.value()] = last_start + in_batch;
    const OptionIndex option = schedule_.choice[client.value()];
    if (instance_.is_local(option)) {
      erase_end(in_batch);
    } else {
      changed.insert(instance_.helper(option));
    }
  }

  // All at once: taken out one by one, clients that end together would cost their number squared.
  void leave_finished(HelperIndex helper, std::int64_t last_batch) {
    const auto has_finished = [&](const auto& of_client) {
      return round_.batches[of_client.client.value()] <= last_batch;
    };
    pace_.spend(segments_[helper.value()].size());
    std::erase_if(served_[helper.value()], has_finished);
    std::erase_if(segments_[helper.value()], has_finished);
  }

  const Instance& instance_;
  const Schedule& schedule_;
  PacedStop& pace_;
  std::vector<std::vector<LaneClient>> served_;  // by helper, those with batches left; one batch each
  std::vector<std::vector<Segment>> segments_;   // theirs in the plan, by helper
  std::vector<std::pair<std::int64_t, ClientIndex>> by_count_;
  std::vector<Time> completion_in_batch_;
  std::vector<Time> lane_end_;
  std::multiset<Time> ends_;  // of all helpers and of all clients that train alone
  Round round_;
};

}  // namespace

// Whenever clients leave a helper, what the others run in a batch is listed once more.
std::size_t most_barrier_segments(const Instance& instance, const Schedule& schedule, const BatchCounts& batches) {
  std::size_t total = 0;
  std::vector<std::int64_t> lengths;  // of the stay of each segment's client
  for (const HelperIndex helper : instance.helpers()) {
    lengths.clear();
    for (const Segment& segment : schedule.segments.lane(helper)) lengths.push_back(batches[segment.client.value()]);
    std::sort(lengths.begin(), lengths.end());
    for (std::size_t first = 0; first < lengths.size(); ++first) {
      if (first == 0 || lengths[first] != lengths[first - 1]) total += lengths.size() - first;
    }
  }
  return total;
}

Round round_detail::barrier_round(const Instance& instance, const Schedule& schedule, const BatchCounts& batches,
                                  PacedStop& pace) {
  return BarrierRound(instance, schedule, batches, pace).run();
}

Round round_with_barrier(const Instance& instance, const Schedule& schedule, const BatchCounts& batches) {
  require_round(instance, batches);
  PacedStop pace({});
  return barrier_round(instance, schedule, batches, pace);
}

}  // namespace splitlane
