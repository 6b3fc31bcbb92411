#include "training/simulation/hostile_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::training {

namespace {

constexpr Time kSecond = 1'000'000;
constexpr Time kLongestDuration = 150'000;
constexpr std::int64_t kMostFaults = 8;

/// Who serves whom in the plan, and what each helper must then hold.
struct Assignment {
  std::vector<std::size_t> helper_of;  // by client; the number of helpers: the client trains alone
  std::vector<Megabytes> demands;      // by client
  std::vector<Megabytes> needed;       // by helper
};

Assignment random_assignment(Dice& dice, std::size_t helpers, std::size_t clients) {
  Assignment made;
  made.needed.resize(helpers);
  for (std::size_t client = 0; client < clients; ++client) {
    const bool is_local = dice.percent(8);
    made.demands.push_back(dice.between(1, 4));
    made.helper_of.push_back(
        is_local ? helpers : static_cast<std::size_t>(dice.between(0, static_cast<std::int64_t>(helpers) - 1)));
    if (!is_local) made.needed[made.helper_of.back()] += made.demands.back();
  }
  return made;
}

OptionSpec random_option(Dice& dice, std::size_t helper, Megabytes demand) {
  const auto duration = [&dice] { return dice.between(1000, kLongestDuration); };
  OptionSpec option;
  option.helper = HelperIndex(helper);
  option.release = duration();
  option.forward = duration();
  option.client_forward = duration();
  option.client_backward = duration();
  option.backward = duration();
  option.tail = duration();
  option.memory_mb = demand;
  const auto sigma_1 = static_cast<std::int32_t>(dice.between(1, 2));
  option.cut = Cut{sigma_1, static_cast<std::int32_t>(dice.between(sigma_1 + 1, 5))};
  return option;
}

Instance random_instance(Dice& dice, const Assignment& assignment, std::vector<OptionIndex>& choice) {
  InstanceBuilder builder;
  builder.set_time_unit(TimeUnit::kMicrosecond);
  const std::size_t helpers = assignment.needed.size();
  for (std::size_t helper = 0; helper < helpers; ++helper) {
    std::optional<Megabytes> memory;
    if (dice.percent(60)) memory = assignment.needed[helper] + dice.between(0, 8);
    builder.add_helper({fmt::format("h{}", helper), memory, dice.percent(20) ? dice.between(0, 2000) : 0});
  }
  std::size_t options = 0;
  for (std::size_t client = 0; client < assignment.helper_of.size(); ++client) {
    builder.add_client(fmt::format("c{}", client));
    const std::size_t chosen = assignment.helper_of[client];
    for (std::size_t helper = 0; helper < helpers; ++helper) {
      if (helper != chosen && dice.percent(15)) continue;
      if (helper == chosen) choice.emplace_back(options);
      builder.add_option(random_option(dice, helper, assignment.demands[client]));
      ++options;
    }
    if (chosen == helpers || dice.percent(8)) {
      if (chosen == helpers) choice.emplace_back(options);
      builder.add_local_option({.local = dice.between(5000, 4 * kLongestDuration), .cut = {}, .energy_mj = {}});
      ++options;
    }
  }
  return builder.build();
}

// A batch after the other; whatever the plan says, the invariants hold.
FollowedPlan random_plan(Dice& dice, const Instance& instance, std::vector<OptionIndex> choice) {
  FollowedPlan plan;
  plan.choice = std::move(choice);
  plan.first.push_back(0);
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = plan.choice[client.value()];
    plan.batches.push_back(dice.between(1, 3));
    Time begins = dice.between(0, 4 * kLongestDuration);
    for (std::int64_t batch = 0; batch < plan.batches.back(); ++batch) {
      const bool is_local = instance.is_local(option);
      PlannedBatch& planned = plan.planned.emplace_back();
      if (is_local) continue;
      planned.forward_end = begins + instance.release(option) + instance.forward(option);
      planned.backward_end = planned.forward_end + instance.turnaround(option) + instance.backward(option);
      begins = planned.backward_end + instance.tail(option);
      plan.makespan = std::max(plan.makespan, begins);
    }
    plan.first.push_back(plan.planned.size());
  }
  return plan;
}

NodeName random_node(Dice& dice, const Instance& instance, bool is_helper) {
  const std::size_t count = is_helper ? instance.helper_count() : instance.client_count();
  const auto index = static_cast<std::size_t>(dice.between(0, static_cast<std::int64_t>(count) - 1));
  return is_helper ? NodeName{NodeRole::kHelper, std::string(instance.helper_id(HelperIndex(index)))}
                   : NodeName{NodeRole::kClient, std::string(instance.client_id(ClientIndex(index)))};
}

}  // namespace

HostileScenario hostile_scenario(Dice& dice) {
  const auto helpers = static_cast<std::size_t>(dice.between(1, 4));
  const auto clients = static_cast<std::size_t>(dice.between(2, 8));
  std::vector<OptionIndex> choice;
  Instance instance = random_instance(dice, random_assignment(dice, helpers, clients), choice);
  FollowedPlan plan = random_plan(dice, instance, std::move(choice));
  return {.instance = std::move(instance), .plan = std::move(plan), .rounds = dice.between(1, 4)};
}

Time add_faults(Dice& dice, const HostileScenario& scenario, bool only_helpers, SimulatedCluster& cluster) {
  const Instance& instance = scenario.instance;
  Time last = 0;
  // So long the rounds may take, or the waits for nodes.
  const Time window = dice.percent(80) ? scenario.rounds * scenario.plan.makespan : 30 * kSecond;
  for (std::int64_t fault = dice.between(0, kMostFaults); fault > 0; --fault) {
    const Time instant = dice.between(0, window);
    const bool is_helper = only_helpers || dice.percent(50);
    const NodeName node = random_node(dice, instance, is_helper);
    Time over = instant;
    switch (dice.between(0, only_helpers ? 2 : 5)) {
      case 0: {
        cluster.crash(instant, node, dice.percent(50));
        // At once, before anybody has noticed, or later.
        over += dice.percent(30) ? dice.between(0, kSecond) : dice.between(0, 25 * kSecond);
        if (only_helpers || dice.percent(80)) cluster.restart(over, node);
        break;
      }
      case 1: {
        const Time duration = dice.between(1000, 12 * kSecond);
        cluster.stall(instant, node, duration);
        over += duration;
        break;
      }
      case 2: {
        cluster.leave(instant, node);
        over += dice.between(0, 25 * kSecond);
        if (only_helpers || dice.percent(80)) cluster.restart(over, node);
        break;
      }
      case 3: cluster.cut(instant, node, false); break;
      case 4: cluster.cut(instant, random_node(dice, instance, false), true); break;
      default: {
        const Time down_for = dice.between(1000, 15 * kSecond);
        if (!dice.percent(40)) break;
        cluster.restart_aggregator(instant, down_for);
        over += down_for;
      }
    }
    last = std::max(last, over);
  }
  return last;
}

}  // namespace splitlane::training
