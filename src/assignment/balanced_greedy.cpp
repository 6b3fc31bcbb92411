#include "assignment/balanced_greedy.hpp"

#include <tuple>

namespace splitlane {

Assignment assign_balanced_greedy(const Instance& instance) {
  MemoryLedger ledger(instance);
  std::vector<std::size_t> served(instance.helper_count(), 0);
  Assignment choice(instance.client_count());
  for (const ClientIndex client : instance.clients()) {
    OptionIndex best;
    const auto rank = [&](OptionIndex option) {
      const HelperIndex helper = instance.helper(option);
      return std::tuple(served[helper.value()], helper, instance.path(option));
    };
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option) || !ledger.fits(option)) continue;
      if (best.is_none() || rank(option) < rank(best)) best = option;
    }
    if (best.is_none()) {
      choice[client.value()] = shortest_local_option(instance, client);
      continue;
    }
    choice[client.value()] = best;
    ledger.take(best);
    ++served[instance.helper(best).value()];
  }
  return choice;
}

}  // namespace splitlane
