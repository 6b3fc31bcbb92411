#include "assignment/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

Megabytes capacity_or_unbounded(const Instance& instance, HelperIndex helper) {
  return instance.memory_capacity(helper).value_or(kNoMemoryLimit);
}

[[noreturn]] void refuse_client(const Instance& instance, ClientIndex client) {
  OptionIndex closest = instance.options(client)[0];
  const auto shortfall = [&](OptionIndex option) {
    return instance.memory_demand(option) - capacity_or_unbounded(instance, instance.helper(option));
  };
  for (const OptionIndex option : instance.options(client)) {
    if (shortfall(option) < shortfall(closest)) closest = option;
  }
  const HelperIndex helper = instance.helper(closest);
  throw Error(
      ErrorCode::kInfeasible,
      {fmt::format("client \"{}\"", instance.client_id(client)), "fits no helper, even one that serves no other client",
       fmt::format("a demand of {} MB against {} MB on helper \"{}\", the closest", instance.memory_demand(closest),
                   capacity_or_unbounded(instance, helper), instance.helper_id(helper)),
       "at least one option within its helper's memory_mb, or a local option"});
}

}  // namespace

MemoryLedger::MemoryLedger(const Instance& instance) : instance_(&instance) {
  free_.reserve(instance.helper_count());
  for (const HelperIndex helper : instance.helpers()) free_.push_back(capacity_or_unbounded(instance, helper));
}

bool MemoryLedger::fits(OptionIndex option) const { return missing(option) <= 0; }

Megabytes MemoryLedger::missing(OptionIndex option) const {
  if (instance_->is_local(option)) return 0;
  return instance_->memory_demand(option) - free_[instance_->helper(option).value()];
}

void MemoryLedger::take(OptionIndex option) {
  if (!instance_->is_local(option)) free_[instance_->helper(option).value()] -= instance_->memory_demand(option);
}

void MemoryLedger::give_back(OptionIndex option) {
  if (!instance_->is_local(option)) free_[instance_->helper(option).value()] += instance_->memory_demand(option);
}

OptionIndex shortest_local_option(const Instance& instance, ClientIndex client) {
  OptionIndex best;
  for (const OptionIndex option : instance.options(client)) {
    if (!instance.is_local(option)) continue;
    if (best.is_none() || instance.path(option) < instance.path(best)) best = option;
  }
  return best;
}

void require_plannable(const Instance& instance) {
  // Sums of demands and capacities are capped far above any real total, so they cannot overflow.
  Megabytes demand = 0;
  for (const ClientIndex client : instance.clients()) {
    Megabytes least = kNoMemoryLimit;
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) {
        least = 0;
      } else if (instance.memory_demand(option) <= capacity_or_unbounded(instance, instance.helper(option))) {
        least = std::min(least, instance.memory_demand(option));
      }
    }
    if (least == kNoMemoryLimit) refuse_client(instance, client);
    demand = std::min(demand + least, kNoMemoryLimit);
  }
  Megabytes capacity = 0;
  for (const HelperIndex helper : instance.helpers()) {
    capacity = std::min(capacity + capacity_or_unbounded(instance, helper), kNoMemoryLimit);
  }
  if (demand > capacity) {
    throw Error(ErrorCode::kInfeasible,
                {"clients", "the helpers' total memory is too small",
                 fmt::format("a least demand of {} MB over all clients", demand),
                 fmt::format("at most {} MB, the sum of memory_mb over all helpers", capacity)});
  }
}

}  // namespace splitlane
