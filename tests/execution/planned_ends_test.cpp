// The theorem of docs/how_it_works.md#following-a-plan on many random instances: where nothing takes longer than
// planned and tasks pause anywhere, a lane that runs the earliest planned end first ends no task after its planned end.
// Plans and rounds are random ones, which idle, pause and order as no method would, and those of the methods that
// preempt.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "splitlane/check/check.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/error.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/round/round.hpp"
#include "support/random_cases.hpp"
#include "support/random_instance.hpp"

namespace splitlane {
namespace {

constexpr std::uint64_t kInstances = test::random_cases(16'000);

/// A lane that each unit of time runs any of the tasks that are ready, or none.
class RandomLane {
 public:
  RandomLane(const Instance& instance, const Round& round, test::Random& random)
      : instance_(instance), round_(round), random_(random) {}

  std::vector<BatchSegment> run(HelperIndex helper, std::vector<Time>& completion) {
    std::vector<BatchSegment> lane;
    clients_.clear();
    for (const ClientIndex client : instance_.clients()) {
      const OptionIndex option = round_.choice[client.value()];
      if (instance_.helper(option) != helper) continue;
      clients_.push_back({client, 1, Task::kForward, instance_.release(option), instance_.forward(option)});
    }
    for (Time now = 0; !clients_.empty(); ++now) {
      pass_tasks_without_work(completion);
      if (const std::optional<std::size_t> chosen = chosen_at(now)) work(clients_[*chosen], now, lane);
      pass_tasks_without_work(completion);
    }
    return lane;
  }

 private:
  struct Position {
    ClientIndex client;
    std::int64_t batch;
    Task task;
    Time ready;
    Time left;
  };

  // A task that has no work left ends; what follows it becomes ready.
  void pass_tasks_without_work(std::vector<Time>& completion) {
    for (Position& position : clients_) {
      const OptionIndex option = round_.choice[position.client.value()];
      while (position.left == 0 && position.batch <= round_.batches[position.client.value()]) {
        if (position.task == Task::kForward) {
          position.task = Task::kBackward;
          position.ready += instance_.turnaround(option);
          position.left = instance_.backward(option);
        } else {
          const Time end = position.ready + instance_.tail(option);
          completion[position.client.value()] = end;
          ++position.batch;
          position.task = Task::kForward;
          position.ready = end + instance_.release(option);
          position.left = instance_.forward(option);
        }
      }
    }
    std::erase_if(clients_, [this](const Position& position) {
      return position.batch > round_.batches[position.client.value()];
    });
  }

  std::optional<std::size_t> chosen_at(Time now) {
    std::vector<std::size_t> ready;
    for (std::size_t index = 0; index < clients_.size(); ++index) {
      if (clients_[index].ready <= now) ready.push_back(index);
    }
    if (ready.empty() || random_.percent(15)) return std::nullopt;
    return ready[static_cast<std::size_t>(random_.between(0, static_cast<std::int64_t>(ready.size()) - 1))];
  }

  // `ready` of a task that has begun is its end so far.
  void work(Position& position, Time now, std::vector<BatchSegment>& lane) {
    const BatchSegment step{position.client, position.batch, position.task, now, now + 1};
    const bool continues = !lane.empty() && lane.back().client == step.client && lane.back().batch == step.batch &&
                           lane.back().task == step.task && lane.back().end == now;
    if (continues) {
      lane.back().end = now + 1;
    } else {
      lane.push_back(step);
    }
    --position.left;
    position.ready = now + 1;
  }

  const Instance& instance_;
  const Round& round_;
  test::Random& random_;
  std::vector<Position> clients_;
};

Round random_round(const Instance& instance, test::Random& random, std::int64_t most_batches) {
  Round round;
  round.way = RoundWay::kOrder;
  round.completion.assign(instance.client_count(), 0);
  for (const ClientIndex client : instance.clients()) {
    const IndexRange<OptionIndex> options = instance.options(client);
    const std::int64_t last = static_cast<std::int64_t>(options.size()) - 1;
    round.choice.push_back(options[static_cast<std::size_t>(random.between(0, last))]);
    round.batches.push_back(random.between(1, most_batches));
    if (!instance.is_local(round.choice.back())) continue;
    round.completion[client.value()] = round.batches.back() * instance.path(round.choice.back());
  }
  RandomLane lane(instance, round, random);
  for (const HelperIndex helper : instance.helpers()) round.lanes.push_back(lane.run(helper, round.completion));
  round.makespan = *std::max_element(round.completion.begin(), round.completion.end());
  return round;
}

Plan plan_of_one_batch(const Instance& instance, const Round& round) {
  SegmentTable table;
  for (const std::vector<BatchSegment>& lane : round.lanes) {
    std::vector<Segment> segments;
    for (const BatchSegment& segment : lane) {
      segments.push_back({segment.client, segment.task, segment.start, segment.end});
    }
    table.append_lane(segments);
  }
  return {evaluate_schedule(instance, round.choice, table)};
}

::testing::AssertionResult keeps_planned_ends(const Instance& instance, const FollowedPlan& plan) {
  SimulationParameters parameters;
  parameters.rules = {ExecutionRule::kPlanned};
  parameters.executions = 1;
  const Simulation simulation = simulate(instance, plan, parameters);
  const ExecutionOutcome& outcome = simulation.rules.at(0).outcomes.at(0);
  if (outcome.lateness == 0 && outcome.makespan <= simulation.planned_makespan) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "a task is " << outcome.lateness << " us late, the makespan "
                                       << outcome.makespan << " of " << simulation.planned_makespan;
}

// Switching is free, which the theorem asks for, and memory holds every choice.
test::InstanceShape free_shape() {
  test::InstanceShape shape;
  shape.most_helpers = 3;
  shape.switch_cost_percent = 0;
  shape.bounded_memory_percent = 0;
  return shape;
}

TEST(PlannedEnds, AreKeptOfRandomPlansAndOfRoundsMadeOfThem) {
  std::size_t pauses = 0;
  for (std::uint64_t seed = 0; seed < kInstances; ++seed) {
    const Instance instance = test::random_instance(seed, free_shape());
    test::Random random(seed);
    const Plan plan = plan_of_one_batch(instance, random_round(instance, random, 1));
    ASSERT_TRUE(check_plan(instance, plan).valid()) << "seed " << seed;
    ASSERT_TRUE(keeps_planned_ends(instance, followed(instance, plan.schedule))) << "seed " << seed;
    const BatchCounts batches(instance.client_count(), random.between(2, 4));
    for (const Round& round : {random_round(instance, random, 4), round_with_barrier(instance, plan.schedule, batches),
                               round_in_order(instance, plan.schedule, batches)}) {
      ASSERT_TRUE(check_round(instance, round).valid()) << round_way_name(round.way) << ", seed " << seed;
      ASSERT_TRUE(keeps_planned_ends(instance, followed(instance, round)))
          << round_way_name(round.way) << ", seed " << seed;
    }
    for (const PlannedBatch& batch : followed(instance, plan.schedule).planned) pauses += batch.forward_pauses;
  }
  EXPECT_GT(pauses, kInstances);  // the plans do preempt
}

TEST(PlannedEnds, AreKeptOfPlansOfAllMethodsThatPreempt) {
  constexpr std::array<std::string_view, 5> names = {"auto", "exact", "scale", "admm", "paper-strategy"};
  for (std::uint64_t seed = 0; seed < kInstances / 10; ++seed) {
    const Instance instance = test::random_instance(seed, free_shape());
    const std::string_view name = names.at(seed % names.size());
    const Plan plan = find_method(name).plan(instance, {});
    ASSERT_TRUE(keeps_planned_ends(instance, followed(instance, plan.schedule))) << name << ", seed " << seed;
    const BatchCounts batches(instance.client_count(), 3);
    ASSERT_TRUE(keeps_planned_ends(
        instance, followed(instance, round_by_priority(instance, plan.schedule.choice, batches, true))))
        << name << ", seed " << seed;
  }
}

}  // namespace
}  // namespace splitlane
