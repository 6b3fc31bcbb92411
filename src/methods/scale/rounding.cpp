#include "methods/scale/rounding.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/stopped.hpp"

namespace splitlane {

namespace {

constexpr float kWhole = 0.999F;                       // a share that needs no rounding
constexpr float kEligible = 0.01F;                     // the least share of an option that may be rounded up,
constexpr float kEligibleOfLargest = 0.5F;             // or this part of the client's largest where that is less
constexpr std::size_t kClientsBetweenQuestions = 512;  // to the stop condition
constexpr double kMemoryErrorWeight = 0.5;  // of an error in memory against one in load, both in units of a client

/// How far each helper is behind what the shares promised it.
class Promises {
 public:
  Promises(const Instance& instance, std::span<const float> share, const StopCondition& stop)
      : instance_(instance), share_(share), load_(instance.helper_count(), 0.0), memory_(instance.helper_count(), 0.0) {
    double load = 0.0;
    double memory = 0.0;
    for (const ClientIndex client : instance.clients()) {
      if (client.value() % kClientsBetweenQuestions == 0) throw_if_reached(stop);
      for (const OptionIndex option : instance.options(client)) {
        load += static_cast<double>(share[option.value()]) * static_cast<double>(instance.load(option));
        memory += static_cast<double>(share[option.value()]) * static_cast<double>(instance.memory_demand(option));
      }
    }
    const auto clients = static_cast<double>(instance.client_count());
    load_unit_ = std::max(1.0, load / clients);
    memory_unit_ = std::max(1.0, memory / clients);
  }

  void promise(ClientIndex client) {
    for (const OptionIndex option : instance_.options(client)) add(option, static_cast<double>(share_[option.value()]));
  }
  void keep(OptionIndex option) { add(option, -1.0); }

  /// Change of the sum of squared errors when the helper takes the option.
  double error(OptionIndex option) const {
    if (instance_.is_local(option)) return 0.0;
    const std::size_t helper = instance_.helper(option).value();
    const double load = load_of(option);
    double change = load * (load - 2.0 * load_[helper]);
    if (instance_.memory_capacity(instance_.helper(option))) {
      const double memory = memory_of(option);
      change += kMemoryErrorWeight * memory * (memory - 2.0 * memory_[helper]);
    }
    return change;
  }

 private:
  double load_of(OptionIndex option) const { return static_cast<double>(instance_.load(option)) / load_unit_; }
  double memory_of(OptionIndex option) const {
    return static_cast<double>(instance_.memory_demand(option)) / memory_unit_;
  }
  void add(OptionIndex option, double share) {
    if (share == 0.0 || instance_.is_local(option)) return;
    load_[instance_.helper(option).value()] += share * load_of(option);
    memory_[instance_.helper(option).value()] += share * memory_of(option);
  }

  const Instance& instance_;
  std::span<const float> share_;
  std::vector<double> load_;
  std::vector<double> memory_;
  double load_unit_ = 1.0;
  double memory_unit_ = 1.0;
};

OptionIndex largest_share(const Instance& instance, std::span<const float> share, ClientIndex client) {
  OptionIndex best = instance.options(client)[0];
  for (const OptionIndex option : instance.options(client)) {
    if (share[option.value()] > share[best.value()]) best = option;
  }
  return best;
}

}  // namespace

void round_shares(const Instance& instance, std::span<const float> share, std::span<const float> regret,
                  const StopCondition& stop, Assignment& choice) {
  SPLITLANE_ASSERT(share.size() == instance.option_count() && regret.size() == instance.option_count(), share.size(),
                   regret.size(), instance.option_count());
  SPLITLANE_ASSERT(choice.size() == instance.client_count(), choice.size(), instance.client_count());
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) {
    if (!option.is_none()) ledger.take(option);
  }
  std::vector<std::pair<Time, ClientIndex>> open;
  for (const ClientIndex client : instance.clients()) {
    if (client.value() % kClientsBetweenQuestions == 0) throw_if_reached(stop);
    if (!choice[client.value()].is_none()) continue;
    const OptionIndex likely = largest_share(instance, share, client);
    if (share[likely.value()] > kWhole && ledger.fits(likely)) {
      choice[client.value()] = likely;
      ledger.take(likely);
    } else {
      open.emplace_back(instance.load(likely), client);
    }
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  Promises promises(instance, share, stop);
  std::size_t rounded = 0;
  for (const auto& [load, client] : open) {
    if (++rounded % kClientsBetweenQuestions == 0) throw_if_reached(stop);
    promises.promise(client);
    OptionIndex best;
    double best_error = std::numeric_limits<double>::max();
    // Of many helpers that are alike each has a small share.
    const float eligible =
        std::min(kEligible, kEligibleOfLargest * share[largest_share(instance, share, client).value()]);
    for (const OptionIndex option : instance.options(client)) {
      if (share[option.value()] < eligible || !ledger.fits(option) || promises.error(option) >= best_error) continue;
      best = option;
      best_error = promises.error(option);
    }
    if (best.is_none()) {
      for (const OptionIndex option : instance.options(client)) {
        if (!ledger.fits(option)) continue;
        if (best.is_none() || regret[option.value()] < regret[best.value()]) best = option;
      }
    }
    if (best.is_none()) continue;
    choice[client.value()] = best;
    ledger.take(best);
    promises.keep(best);
  }
}

void place_newcomers(const Instance& instance, Assignment& choice) {
  SPLITLANE_ASSERT(choice.size() == instance.client_count(), choice.size(), instance.client_count());
  MemoryLedger ledger(instance);
  std::vector<Time> load(instance.helper_count(), 0);
  const auto take = [&](OptionIndex option) {
    ledger.take(option);
    if (!instance.is_local(option)) load[instance.helper(option).value()] += instance.load(option);
  };
  std::vector<std::pair<Time, ClientIndex>> open;
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex chosen = choice[client.value()];
    if (chosen.is_none()) {
      open.emplace_back(instance.load(instance.options(client)[0]), client);
    } else {
      take(chosen);
    }
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  const auto end_with = [&](OptionIndex option) {
    const Time before = instance.is_local(option) ? 0 : load[instance.helper(option).value()] + instance.load(option);
    return std::max(before, instance.path(option));
  };
  for (const auto& [size, client] : open) {
    OptionIndex best;
    for (const OptionIndex option : instance.options(client)) {
      if (ledger.fits(option) && (best.is_none() || end_with(option) < end_with(best))) best = option;
    }
    choice[client.value()] = best;
    if (!best.is_none()) take(best);
  }
}

}  // namespace splitlane
