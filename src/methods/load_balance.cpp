#include "methods/load_balance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "assignment/served_assignment.hpp"
#include "methods/balance_exactly.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane {

namespace {

// Pairs of clients that exchanges look at, some seconds' worth at most. Only where a search can follow: at larger sizes
// moves alone are what the plan's warning promises.
constexpr std::uint64_t kExchangeSteps = 30'000'000;

/// Loads of the helpers under an assignment that is being improved.
class LoadBalance {
 public:
  LoadBalance(const Instance& instance, Assignment start) : instance_(instance), current_(instance, std::move(start)) {}

  const Assignment& choice() const { return current_.choice(); }

  /// Longest processing time first: the client with the largest least load picks the option that leaves the smallest
  /// load. A client without room stays none().
  void assign_longest_first() {
    std::vector<Time> least(instance_.client_count());
    for (const ClientIndex client : instance_.clients()) {
      least[client.value()] = instance_.path(instance_.options(client)[0]);
      for (const OptionIndex option : instance_.options(client)) {
        least[client.value()] = std::min(least[client.value()], weight(option));
      }
    }
    std::vector<std::size_t> order(instance_.client_count());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return least[left] > least[right]; });
    for (const std::size_t client : order) {
      OptionIndex best;
      for (const OptionIndex option : instance_.options(ClientIndex(client))) {
        if (current_.fits(option) && (best.is_none() || load_with(option) < load_with(best))) best = option;
      }
      if (!best.is_none()) current_.move(ClientIndex(client), best);
    }
  }

  /// Moves a client off the most loaded helper, or exchanges one of its clients for a shorter one, while that lowers
  /// the larger of the two loads. `steps`: pairs of clients that may be looked at, 0 for moves alone.
  void relieve_the_largest(std::uint64_t steps, const StopCondition& stop) {
    steps_left_ = steps;
    while (!stop.reached()) {
      const HelperIndex largest = largest_helper();
      if (!move_off(largest) && !exchange(largest, stop)) return;
    }
  }

 private:
  Time weight(OptionIndex option) const {
    return instance_.is_local(option) ? instance_.path(option) : instance_.load(option);
  }

  Time load_with(OptionIndex option) const {
    return instance_.is_local(option) ? weight(option) : current_.load(instance_.helper(option)) + weight(option);
  }

  bool move_off(HelperIndex largest) {
    for (const ClientIndex client : current_.served(largest)) {
      const OptionIndex target = relieving_option(client, current_.load(largest));
      if (target.is_none()) continue;
      current_.move(client, target);
      return true;
    }
    return false;
  }

  // The exchange with the smallest larger load among those of the first client that has one.
  bool exchange(HelperIndex largest, const StopCondition& stop) {
    for (const ClientIndex client : current_.served(largest)) {
      if (stop.reached()) return false;
      Exchange best{OptionIndex::none(), ClientIndex::none(), OptionIndex::none(), current_.load(largest)};
      for (const OptionIndex option : instance_.options(client)) {
        if (instance_.is_local(option) || instance_.helper(option) == largest) continue;
        const std::vector<ClientIndex>& others = current_.served(instance_.helper(option));
        if (steps_left_ < others.size()) return false;
        steps_left_ -= others.size();
        for (const ClientIndex other : others) consider(client, option, other, best);
      }
      if (best.out.is_none()) continue;
      current_.swap(client, best.out, best.other, best.back);
      return true;
    }
    return false;
  }

  struct Exchange {
    OptionIndex out;
    ClientIndex other;
    OptionIndex back;
    Time larger_load;
  };

  void consider(ClientIndex client, OptionIndex out, ClientIndex other, Exchange& best) {
    const OptionIndex here = current_.option(client);
    const OptionIndex there = current_.option(other);
    const Time there_after = current_.load(instance_.helper(out)) - weight(there) + weight(out);
    if (there_after >= best.larger_load) return;
    for (const OptionIndex back : instance_.options(other)) {
      if (instance_.helper(back) != instance_.helper(here)) continue;
      const Time here_after = current_.load(instance_.helper(here)) - weight(here) + weight(back);
      const Time larger = std::max(here_after, there_after);
      if (larger >= best.larger_load) continue;
      if (!current_.fits_instead(back, here) || !current_.fits_instead(out, there)) continue;
      best = {out, other, back, larger};
    }
  }

  HelperIndex largest_helper() const {
    const std::vector<Time>& loads = current_.loads();
    return HelperIndex(static_cast<std::size_t>(std::max_element(loads.begin(), loads.end()) - loads.begin()));
  }

  /// The option elsewhere that ends lowest, below `limit`; none() when every one would reach it.
  OptionIndex relieving_option(ClientIndex client, Time limit) const {
    const HelperIndex here = instance_.helper(current_.option(client));
    if (weight(current_.option(client)) == 0) return OptionIndex::none();
    OptionIndex best;
    for (const OptionIndex option : instance_.options(client)) {
      if (instance_.helper(option) == here || !current_.fits(option) || load_with(option) >= limit) continue;
      if (best.is_none() || load_with(option) < load_with(best)) best = option;
    }
    return best;
  }

  const Instance& instance_;
  ServedAssignment current_;
  std::uint64_t steps_left_ = 0;
};

}  // namespace

BalancedAssignment assign_balanced_load(const MethodRun& run) {
  const Instance& instance = run.instance();
  BalancedAssignment result;
  LoadBalance longest_first(instance, Assignment(instance.client_count()));
  longest_first.assign_longest_first();
  Assignment complete = longest_first.choice();
  // A dead end of longest-first is no dead end of EquiD's problem, which knows no order.
  run.complete(complete);
  LoadBalance balance(instance, std::move(complete));
  const bool is_large = instance.option_count() > kEquidLargestExact;
  balance.relieve_the_largest(is_large ? 0 : kExchangeSteps, run.stop());
  result.choice = balance.choice();

  if (is_large) {
    result.warnings.push_back(
        fmt::format("{} options are more than {}: the assignment is balanced by "
                    "longest-processing-time-first, without a proof that the largest load is smallest",
                    instance.option_count(), kEquidLargestExact));
    return result;
  }
  ExactBalance outcome = balance_exactly(instance, result.choice, run.stop());
  if (!outcome.is_proven) {
    result.warnings.emplace_back("the search for the assignment ended before it proved the largest load smallest");
  }
  result.choice = std::move(outcome.choice);
  return result;
}

}  // namespace splitlane
