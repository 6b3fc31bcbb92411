#include "splitlane/check/check_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "base/paced_stop.hpp"
#include "check/arithmetic.hpp"
#include "check/batch_lane.hpp"

namespace splitlane {

namespace {

using check_detail::add;
using check_detail::ClientPosition;
using check_detail::LaneWalk;
using check_detail::multiply;
using check_detail::OwedBatches;

using OwedOfHelper = std::vector<OwedBatches>;

/// A round with a barrier on its way through the phases: who still takes part, and when each ends within a batch.
class BarrierState {
 public:
  BarrierState(const Instance& instance, const std::vector<OptionIndex>& choice, const BatchCounts& batches)
      : instance_(instance),
        choice_(choice),
        completion_in_batch_(instance.client_count(), 0),
        lane_end_(instance.helper_count(), 0),
        ends_(lane_end_.begin(), lane_end_.end()) {
    for (const ClientIndex client : instance.clients()) by_count_.push_back(client);
    std::stable_sort(by_count_.begin(), by_count_.end(), [&batches](ClientIndex left, ClientIndex right) {
      return batches[left.value()] < batches[right.value()];
    });
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex option = choice[client.value()];
      if (!instance.is_local(option)) continue;
      completion_in_batch_[client.value()] = instance.path(option);
      ends_.insert(instance.path(option));
    }
  }

  /// Of those that take part, the one that has the fewest batches to train.
  std::optional<ClientIndex> next_client() const {
    if (finished_ == by_count_.size()) return std::nullopt;
    return by_count_[finished_];
  }
  /// What a client on a helper leaves behind there is up to set_lane_end.
  void finish_next_client() {
    const ClientIndex client = by_count_[finished_++];
    if (instance_.is_local(choice_[client.value()])) ends_.erase(ends_.find(completion_in_batch(client)));
  }

  Time completion_in_batch(ClientIndex client) const { return completion_in_batch_[client.value()]; }
  void set_completion_in_batch(ClientIndex client, Time completion) {
    completion_in_batch_[client.value()] = completion;
  }
  void set_lane_end(HelperIndex helper, const OwedOfHelper& clients) {
    Time end = 0;
    for (const OwedBatches& owed : clients) end = std::max(end, completion_in_batch(owed.client));
    ends_.erase(ends_.find(lane_end_[helper.value()]));
    ends_.insert(end);
    lane_end_[helper.value()] = end;
  }

  Time makespan() const { return ends_.empty() ? 0 : *ends_.rbegin(); }

 private:
  const Instance& instance_;
  const std::vector<OptionIndex>& choice_;
  std::vector<ClientIndex> by_count_;
  std::size_t finished_ = 0;
  std::vector<Time> completion_in_batch_;
  std::vector<Time> lane_end_;
  std::multiset<Time> ends_;  // of all helpers, and of the clients that train alone
};

class RoundCheck {
 public:
  RoundCheck(const Instance& instance, const Round& round, const StopCondition& stop)
      : instance_(instance),
        round_(round),
        pace_(stop),
        completion_(instance.client_count(), 0),
        owed_(instance.helper_count()),
        walk_(instance, [this](const std::string& violation) { complain(violation); }) {}

  RoundReport run() {
    try {
      check();
    } catch (const Stopped&) {
      report_.is_complete = false;
    }
    return report_;
  }

 private:
  void check() {
    if (!has_shape() || !check_options()) return;
    check_memory();
    if (round_.way == RoundWay::kBarrier) {
      walk_phases();
    } else {
      walk_pipeline();
    }
    check_summary();
    check_ways();
  }

  void complain(const std::string& violation) {
    if (report_.count < RoundReport::kListed) report_.violations.push_back(violation);
    ++report_.count;
  }

  bool has_shape() {
    const std::size_t clients = instance_.client_count();
    const bool barrier = round_.way == RoundWay::kBarrier;
    if (round_.choice.size() == clients && round_.batches.size() == clients && round_.completion.size() == clients &&
        (barrier ? round_.lanes.empty() : round_.phases.empty() && round_.lanes.size() == instance_.helper_count())) {
      return true;
    }
    complain("the round has tables of another size than the instance, or both phases and lanes");
    return false;
  }

  bool check_options() {
    for (const ClientIndex client : instance_.clients()) {
      pace_.spend();
      const OptionIndex option = round_.choice[client.value()];
      const OptionIndex first = instance_.options(client)[0];
      if (option < first || option.value() - first.value() >= instance_.options(client).size()) {
        complain(fmt::format("client \"{}\": none of its own options is chosen", instance_.client_id(client)));
      }
      if (round_.batches[client.value()] < 1) {
        complain(fmt::format("client \"{}\": {} batches", instance_.client_id(client), round_.batches[client.value()]));
      }
    }
    return report_.valid();
  }

  void check_memory() {
    std::vector<Megabytes> demand(instance_.helper_count(), 0);
    for (const OptionIndex option : round_.choice) {
      if (instance_.is_local(option)) continue;
      Megabytes& sum = demand[instance_.helper(option).value()];
      sum = add(sum, instance_.memory_demand(option));
    }
    for (const HelperIndex helper : instance_.helpers()) {
      const std::optional<Megabytes> capacity = instance_.memory_capacity(helper);
      if (!capacity || demand[helper.value()] <= *capacity) continue;
      complain(fmt::format("helper \"{}\": memory {} MB of {} MB", instance_.helper_id(helper), demand[helper.value()],
                           *capacity));
    }
  }

  void walk_pipeline() {
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      const std::int64_t batches = round_.batches[client.value()];
      if (instance_.is_local(option)) {
        completion_[client.value()] = multiply(batches, instance_.path(option));
      } else {
        owed_[instance_.helper(option).value()].push_back({client, option, batches});
      }
    }
    for (const HelperIndex helper : instance_.helpers()) {
      walk_.begin(helper, owed_[helper.value()]);
      for (const BatchSegment& segment : round_.lanes[helper.value()]) {
        pace_.spend();
        walk_.visit(segment);
      }
      for (const ClientPosition& position : walk_.end()) completion_[position.client().value()] = position.completion();
    }
  }

  // One batch of each phase stands for all.
  void walk_phases() {
    BarrierState state(instance_, round_.choice, round_.batches);
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      if (!instance_.is_local(option)) owed_[instance_.helper(option).value()].push_back({client, option, 1});
    }
    Time now = 0;
    std::int64_t batches_done = 0;
    std::vector<HelperIndex> must_change;
    for (const HelperIndex helper : instance_.helpers()) must_change.push_back(helper);
    for (const RoundPhase& phase : round_.phases) {
      if (phase.batch_count < 1 || phase.first_batch != add(batches_done, 1)) {
        complain(fmt::format("the phase from batch {} has {} batches, and {} came before", phase.first_batch,
                             phase.batch_count, batches_done));
        return;
      }
      walk_phase_lanes(phase, must_change, state);
      const Time makespan = state.makespan();
      if (phase.makespan != makespan) {
        complain(fmt::format("the phase from batch {} is given a makespan of {}, but the segments give {}",
                             phase.first_batch, phase.makespan, makespan));
      }
      batches_done = add(batches_done, phase.batch_count);
      const Time last_start = add(now, multiply(phase.batch_count - 1, makespan));
      now = add(last_start, makespan);
      must_change = finish_clients(batches_done, last_start, state);
    }
    if (const std::optional<ClientIndex> client = state.next_client()) {
      complain(fmt::format("client \"{}\": {} batches, but the phases have {}", instance_.client_id(*client),
                           round_.batches[client->value()], batches_done));
    }
  }

  // A client that has trained all its batches leaves its helper; returns the helpers that lost one, in order.
  std::vector<HelperIndex> finish_clients(std::int64_t batches_done, Time last_start, BarrierState& state) {
    std::vector<HelperIndex> left;
    for (auto client = state.next_client(); client && round_.batches[client->value()] <= batches_done;
         client = state.next_client()) {
      const std::int64_t count = round_.batches[client->value()];
      if (count < batches_done) {
        complain(fmt::format("client \"{}\": {} batches, but it takes part in {}", instance_.client_id(*client), count,
                             batches_done));
      }
      completion_[client->value()] = add(last_start, state.completion_in_batch(*client));
      state.finish_next_client();
      const OptionIndex option = round_.choice[client->value()];
      if (!instance_.is_local(option)) left.push_back(instance_.helper(option));
    }
    std::sort(left.begin(), left.end());
    left.erase(std::unique(left.begin(), left.end()), left.end());
    for (const HelperIndex helper : left) {
      OwedOfHelper& owed = owed_[helper.value()];
      pace_.spend(owed.size());
      std::erase_if(owed,
                    [&](const OwedBatches& batches) { return round_.batches[batches.client.value()] <= batches_done; });
      state.set_lane_end(helper, owed);
    }
    return left;
  }

  // `must_change`: helpers in order that have to have a lane in the phase.
  void walk_phase_lanes(const RoundPhase& phase, const std::vector<HelperIndex>& must_change, BarrierState& state) {
    std::vector<HelperIndex> listed;
    for (const RoundPhase::PhaseLane& lane : phase.lanes) {
      if (lane.helper.value() >= instance_.helper_count()) {
        complain(fmt::format("the phase from batch {} has a lane of no helper", phase.first_batch));
        continue;
      }
      listed.push_back(lane.helper);
      pace_.spend(owed_[lane.helper.value()].size());
      walk_.begin(lane.helper, owed_[lane.helper.value()], phase.first_batch);
      for (const Segment& segment : lane.segments) {
        pace_.spend();
        walk_.visit({segment.client, 1, segment.task, segment.start, segment.end});
      }
      for (const ClientPosition& position : walk_.end()) {
        state.set_completion_in_batch(position.client(), position.completion());
      }
      state.set_lane_end(lane.helper, owed_[lane.helper.value()]);
    }
    std::sort(listed.begin(), listed.end());
    for (const HelperIndex helper : must_change) {
      if (std::binary_search(listed.begin(), listed.end(), helper)) continue;
      complain(fmt::format("helper \"{}\": the phase from batch {} has no lane of it, but its clients have changed",
                           instance_.helper_id(helper), phase.first_batch));
    }
  }

  void check_summary() {
    for (const ClientIndex client : instance_.clients()) {
      const Time stated = round_.completion[client.value()];
      const Time found = completion_[client.value()];
      report_.makespan = std::max(report_.makespan, found);
      if (stated == found) continue;
      complain(fmt::format("client \"{}\": completion is given as {}, but the segments give {}",
                           instance_.client_id(client), stated, found));
    }
    if (round_.makespan != report_.makespan) {
      complain(
          fmt::format("makespan is given as {}, but the latest completion is {}", round_.makespan, report_.makespan));
    }
    if (round_.lower_bound > report_.makespan) {
      complain(fmt::format("lower bound {} is above the makespan {}", round_.lower_bound, report_.makespan));
    }
    if (round_.status == PlanStatus::kOptimal && round_.lower_bound != report_.makespan) {
      complain(fmt::format("status is optimal, but the makespan is {} and the lower bound {}", report_.makespan,
                           round_.lower_bound));
    }
  }

  // Every way that was tried is a round too, which the bound on all rounds holds for.
  void check_ways() {
    if (round_.ways.empty()) return;
    bool has_own = false;
    std::optional<RoundWay> before;
    for (const TriedWay& trial : round_.ways) {
      const std::string_view name = round_way_name(trial.way);
      if (before && trial.way <= *before)
        complain(fmt::format("way {}: listed behind {}", name, round_way_name(*before)));
      before = trial.way;
      if (trial.lower_bound > trial.makespan) {
        complain(
            fmt::format("way {}: lower bound {} is above its makespan {}", name, trial.lower_bound, trial.makespan));
      }
      if (round_.lower_bound > trial.makespan) {
        complain(fmt::format("way {}: makespan {} is below the lower bound {} of all rounds", name, trial.makespan,
                             round_.lower_bound));
      }
      if (trial.way == round_.way) {
        has_own = true;
        if (trial.makespan != report_.makespan) {
          complain(fmt::format("way {}: makespan is given as {}, but the segments give {}", name, trial.makespan,
                               report_.makespan));
        }
      } else if (trial.makespan < report_.makespan) {
        complain(fmt::format("way {}: makespan {}, but the round, the best of all, has {}", name, trial.makespan,
                             report_.makespan));
      }
    }
    if (!has_own) complain(fmt::format("the round's own way, {}, is not listed", round_way_name(round_.way)));
  }

  const Instance& instance_;
  const Round& round_;
  PacedStop pace_;
  RoundReport report_;
  std::vector<Time> completion_;
  std::vector<OwedOfHelper> owed_;  // by helper, in client order
  LaneWalk walk_;
};

}  // namespace

RoundReport check_round(const Instance& instance, const Round& round, const StopCondition& stop) {
  return RoundCheck(instance, round, stop).run();
}

}  // namespace splitlane
