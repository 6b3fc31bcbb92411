#include "splitlane/check/check_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "check/arithmetic.hpp"
#include "check/batch_lane.hpp"

namespace splitlane {

namespace {

using check_detail::add;
using check_detail::multiply;
using check_detail::OwedBatches;
using check_detail::walk_lane;

class RoundCheck {
 public:
  RoundCheck(const Instance& instance, const Round& round)
      : instance_(instance), round_(round), completion_(instance.client_count(), 0), owed_(instance.helper_count()) {}

  RoundReport run() {
    if (has_shape() && check_options()) {
      check_memory();
      if (round_.way == RoundWay::kBarrier) {
        walk_phases();
      } else {
        walk_pipeline();
      }
      check_summary();
    }
    return report_;
  }

 private:
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

  std::map<ClientIndex, Time> walk(HelperIndex helper, std::span<const BatchSegment> segments) {
    return walk_lane(instance_, helper, owed_[helper.value()], segments,
                     [this](const std::string& violation) { complain(violation); });
  }

  void walk_pipeline() {
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      const std::int64_t batches = round_.batches[client.value()];
      if (instance_.is_local(option)) {
        completion_[client.value()] = multiply(batches, instance_.path(option));
      } else {
        owed_[instance_.helper(option).value()][client] = {option, batches};
      }
    }
    for (const HelperIndex helper : instance_.helpers()) {
      for (const auto& [client, completion] : walk(helper, round_.lanes[helper.value()])) {
        completion_[client.value()] = completion;
      }
    }
  }

  // One batch of each phase stands for all; `in_batch` holds what a client's completion in one is.
  void walk_phases() {
    std::multimap<std::int64_t, ClientIndex> by_count;
    std::vector<Time> in_batch(instance_.client_count(), 0);
    std::multiset<Time> present;
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      by_count.emplace(round_.batches[client.value()], client);
      if (instance_.is_local(option)) {
        in_batch[client.value()] = instance_.path(option);
      } else {
        owed_[instance_.helper(option).value()][client] = {option, 1};
      }
      present.insert(in_batch[client.value()]);
    }
    Time now = 0;
    std::int64_t batches_done = 0;
    std::set<HelperIndex> must_change;
    for (const HelperIndex helper : instance_.helpers()) must_change.insert(helper);
    for (const RoundPhase& phase : round_.phases) {
      if (phase.batch_count < 1 || phase.first_batch != add(batches_done, 1)) {
        complain(fmt::format("the phase from batch {} has {} batches, and {} came before", phase.first_batch,
                             phase.batch_count, batches_done));
        return;
      }
      walk_phase_lanes(phase, must_change, in_batch, present);
      const Time makespan = present.empty() ? 0 : *present.rbegin();
      if (phase.makespan != makespan) {
        complain(fmt::format("the phase from batch {} is given a makespan of {}, but the segments give {}",
                             phase.first_batch, phase.makespan, makespan));
      }
      batches_done = add(batches_done, phase.batch_count);
      const Time last_start = add(now, multiply(phase.batch_count - 1, makespan));
      now = add(last_start, makespan);
      must_change = finish_clients(by_count, batches_done, last_start, in_batch, present);
    }
    if (!by_count.empty()) {
      complain(fmt::format("client \"{}\": {} batches, but the phases have {}",
                           instance_.client_id(by_count.begin()->second), by_count.begin()->first, batches_done));
    }
  }

  // Whoever has trained all its batches leaves its helper; returns the helpers that lost somebody.
  std::set<HelperIndex> finish_clients(std::multimap<std::int64_t, ClientIndex>& by_count, std::int64_t batches_done,
                                       Time last_start, const std::vector<Time>& in_batch,
                                       std::multiset<Time>& present) {
    std::set<HelperIndex> left;
    while (!by_count.empty() && by_count.begin()->first <= batches_done) {
      const auto [count, client] = *by_count.begin();
      by_count.erase(by_count.begin());
      if (count < batches_done) {
        complain(fmt::format("client \"{}\": {} batches, but it takes part in {}", instance_.client_id(client), count,
                             batches_done));
      }
      completion_[client.value()] = add(last_start, in_batch[client.value()]);
      present.erase(present.find(in_batch[client.value()]));
      const OptionIndex option = round_.choice[client.value()];
      if (instance_.is_local(option)) continue;
      left.insert(instance_.helper(option));
      owed_[instance_.helper(option).value()].erase(client);
    }
    return left;
  }

  void walk_phase_lanes(const RoundPhase& phase, std::set<HelperIndex> must_change, std::vector<Time>& in_batch,
                        std::multiset<Time>& present) {
    for (const RoundPhase::PhaseLane& lane : phase.lanes) {
      if (lane.helper.value() >= instance_.helper_count()) {
        complain(fmt::format("the phase from batch {} has a lane of no helper", phase.first_batch));
        continue;
      }
      must_change.erase(lane.helper);
      std::vector<BatchSegment> segments;
      for (const Segment& segment : lane.segments) {
        segments.push_back({segment.client, 1, segment.task, segment.start, segment.end});
      }
      for (const auto& [client, completion] : walk(lane.helper, segments)) {
        if (completion == in_batch[client.value()]) continue;
        present.erase(present.find(in_batch[client.value()]));
        present.insert(completion);
        in_batch[client.value()] = completion;
      }
    }
    for (const HelperIndex helper : must_change) {
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

  const Instance& instance_;
  const Round& round_;
  RoundReport report_;
  std::vector<Time> completion_;
  std::vector<std::map<ClientIndex, OwedBatches>> owed_;  // by helper
};

}  // namespace

RoundReport check_round(const Instance& instance, const Round& round) { return RoundCheck(instance, round).run(); }

}  // namespace splitlane
