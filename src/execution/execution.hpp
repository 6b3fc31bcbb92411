#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/client_progress.hpp"
#include "execution/simulated_lane.hpp"
#include "execution/true_times.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::execution_detail {

/// One execution of a plan under one rule: all lanes, one virtual clock, and what happens to clients and helpers
/// meanwhile. Lanes only meet at barriers, losses and new plans, so between these each runs on its own.
class Execution {
 public:
  /// `trace` is filled in unless it is null. All references must outlive the execution.
  Execution(const Instance& instance, const FollowedPlan& plan, const SimulationParameters& parameters,
            const TrueTimes& times, ExecutionRule rule, Trace* trace);
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;

  /// nullopt when the parameters' stop condition was reached first.
  std::optional<ExecutionOutcome> run();

 private:
  friend class SimulatedLane;

  void begin();
  bool advance(Time until);
  bool advance_through_events();
  bool pass_barrier(Time until);
  bool over() const;
  ExecutionOutcome outcome();

  // One client's way (execution.cpp); the lanes call the middle three.
  void begin_batch(ClientIndex client, Time start);
  void forward_ended(ClientIndex client, Time end);
  void backward_ended(ClientIndex client, Time end);
  ReadyTask ready_task(ClientIndex client, Time now) const;
  PlannedBatch planned(ClientIndex client, std::int64_t batch) const;
  void task_ended(ClientIndex client, Time end, Time nominal, Time planned_end, Time first_planned_end);
  void train_alone(ClientIndex client, Time until);
  SimulatedLane& lane(ClientIndex client);

  // Losses (losses.cpp).
  void lose(const Loss& loss, Time now);
  void lose_client(ClientIndex client, Time now);
  void lose_helper(HelperIndex helper, Time now);
  void drop(ClientIndex client);
  bool stranded(ClientIndex client) const;
  void forget_later(ClientIndex client, Time now, bool completions_too);

  // Planning again (planning_again.cpp).
  struct Remaining;
  void plan_again(Time now);
  std::optional<Remaining> remaining_work(Time now) const;
  OptionSpec remaining_option(ClientIndex client, OptionIndex option, Time now) const;
  OptionSpec rest_of_batch(ClientIndex client, Time now) const;
  void adopt(const Remaining& remaining, FollowedPlan plan, Time now);
  void move(ClientIndex client, OptionIndex option, Time now);
  std::int64_t next_batch(ClientIndex client) const;

  // The trace, where there is one.
  BatchTimes* batch_times(ClientIndex client);
  void note(Time now, const char* kind, std::string_view node, std::string text);

  const Instance& instance_;
  const FollowedPlan& plan_;
  const SimulationParameters& parameters_;
  const TrueTimes& times_;
  ExecutionRule rule_;
  Trace* trace_;

  std::vector<SimulatedLane> lanes_;     // by helper
  std::vector<bool> helper_lost_;        // by helper
  std::vector<ClientProgress> clients_;  // by client
  Time lateness_ = 0;
  bool late_since_planning_ = false;
  std::size_t moved_ = 0;
  Time barrier_ = 0;  // when the batch began, with a barrier

  // The plan in force after planning again: its instants count from `replanned_at_`.
  std::optional<FollowedPlan> replanned_;
  std::vector<ClientIndex> replanned_client_;  // by client: its number in `replanned_`, or none()
  std::vector<std::int64_t> replanned_batch_;  // by client: its batch that is batch 0 of `replanned_`
  Time replanned_at_ = 0;
};

}  // namespace splitlane::execution_detail
