#include "methods/memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>

#include "methods/fit/find_fit.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr int kLongestChain = 3;
constexpr int kEvictionsPerClient = 20'000;

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

/// Moves clients along ejection chains until a stuck one fits.
class EjectionSearch {
 public:
  EjectionSearch(const Instance& instance, Assignment& choice, MemoryLedger& ledger)
      : instance_(instance), choice_(choice), ledger_(ledger), served_(instance.helper_count()) {
    for (const ClientIndex client : instance.clients()) {
      const OptionIndex option = choice[client.value()];
      if (!option.is_none() && !instance.is_local(option)) served_[instance.helper(option).value()].push_back(client);
    }
  }

  bool place(ClientIndex client) {
    evictions_left_ = kEvictionsPerClient;
    const bool placed = place(client, HelperIndex::none(), kLongestChain);
    evictions_ += kEvictionsPerClient - evictions_left_;
    return placed;
  }

  /// Of all clients so far.
  std::int64_t evictions() const { return evictions_; }

 private:
  void assign(ClientIndex client, OptionIndex option) {
    choice_[client.value()] = option;
    ledger_.take(option);
    if (!instance_.is_local(option)) served_[instance_.helper(option).value()].push_back(client);
  }

  bool place(ClientIndex client, HelperIndex forbidden, int moves_left) {
    for (const OptionIndex option : instance_.options(client)) {
      if (ledger_.fits(option) && (instance_.is_local(option) || instance_.helper(option) != forbidden)) {
        assign(client, option);
        return true;
      }
    }
    if (moves_left == 0) return false;
    for (const OptionIndex option : instance_.options(client)) {
      if (instance_.helper(option) != forbidden && place_by_eviction(client, option, moves_left)) return true;
    }
    return false;
  }

  bool place_by_eviction(ClientIndex client, OptionIndex option, int moves_left) {
    const HelperIndex helper = instance_.helper(option);
    std::vector<ClientIndex>& served = served_[helper.value()];
    for (std::size_t position = 0; position < served.size(); ++position) {
      const ClientIndex evicted = served[position];
      const OptionIndex previous = choice_[evicted.value()];
      if (instance_.memory_demand(previous) < ledger_.missing(option)) continue;
      if (--evictions_left_ < 0) return false;
      served.erase(served.begin() + static_cast<std::ptrdiff_t>(position));
      ledger_.give_back(previous);
      // Reserved first, so that the chain cannot fill the room it makes.
      ledger_.take(option);
      const bool moved = place(evicted, helper, moves_left - 1);
      ledger_.give_back(option);
      if (moved) {
        assign(client, option);
        return true;
      }
      ledger_.take(previous);
      served.insert(served.begin() + static_cast<std::ptrdiff_t>(position), evicted);
    }
    return false;
  }

  const Instance& instance_;
  Assignment& choice_;
  MemoryLedger& ledger_;
  std::vector<std::vector<ClientIndex>> served_;
  int evictions_left_ = 0;
  std::int64_t evictions_ = 0;
};

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

bool complete_by_chains(const Instance& instance, Assignment& choice, const StopCondition& stop) {
  std::vector<ClientIndex> stuck;
  MemoryLedger ledger(instance);
  for (const ClientIndex client : instance.clients()) {
    if (choice[client.value()].is_none()) {
      stuck.push_back(client);
    } else {
      ledger.take(choice[client.value()]);
    }
  }
  EjectionSearch ejection(instance, choice, ledger);
  bool complete = true;
  for (const ClientIndex client : stuck) {
    // What takes no time is done even when there is none, so that a cancelled method has a plan.
    if (ejection.evictions() > kEvictionsPerClient && stop.reached()) return false;
    complete = ejection.place(client) && complete;
  }
  return complete;
}

bool complete_assignment(const Instance& instance, Assignment& choice, const StopCondition& stop) {
  if (std::none_of(choice.begin(), choice.end(), [](OptionIndex option) { return option.is_none(); })) return false;
  if (!complete_by_chains(instance, choice, stop)) fit::find_fit(instance, {}, choice, stop);
  return true;
}

}  // namespace splitlane
