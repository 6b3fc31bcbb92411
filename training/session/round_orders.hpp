#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"
#include "training/aggregator/aggregator_machine.hpp"
#include "training/emulation/emulated_fleet.hpp"

namespace splitlane::training {

/// How a plan becomes the orders of a round.
struct OrderSettings {
  ExecutionRule rule = ExecutionRule::kPlanned;
  bool preemptive = true;
  double learning_rate = 0;
  const EmulatedFleet* fleet = nullptr;  ///< nullptr: devices and links are as they are
  double time_scale = 1;                 ///< of the emulation; 1 without
  /// A token for a client in this round, which nobody else can guess.
  std::function<std::string(ClientIndex client)> token;
};

/// An aggregator's members are those of the instance, in its order.
AggregatorSettings aggregator_settings(const Instance& instance, std::int32_t layers);

/// What the aggregator tells helpers, and the clients that it wants planned, so that they follow the plan. A client
/// whose choice is none() gets no order. Every option must name its cut layers. O(clients + batches).
RoundOrders round_orders(const Instance& instance, const FollowedPlan& plan, const AttemptRequest& request,
                         const OrderSettings& settings);

}  // namespace splitlane::training
