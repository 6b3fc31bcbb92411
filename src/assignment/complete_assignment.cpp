#include "assignment/complete_assignment.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "assignment/fit/find_fit.hpp"

namespace splitlane {

namespace {

constexpr int kLongestChain = 3;
constexpr int kEvictionsPerClient = 20'000;

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

bool complete_assignment(const Instance& instance, Assignment& choice, fit::FitExactly fit_exactly,
                         const StopCondition& stop) {
  if (std::none_of(choice.begin(), choice.end(), [](OptionIndex option) { return option.is_none(); })) return false;
  if (!complete_by_chains(instance, choice, stop)) fit::find_fit(instance, {}, choice, fit_exactly, stop);
  return true;
}

}  // namespace splitlane
