#include "methods/scale/move_budget.hpp"

#include "base/assert.hpp"

namespace splitlane {

MoveBudget::MoveBudget(const Instance& instance, const std::vector<OptionIndex>& home, std::size_t most)
    : MoveBudget(instance) {
  SPLITLANE_ASSERT(home.size() == instance.client_count(), home.size(), instance.client_count());
  most_ = most;
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = home[client.value()];
    if (!option.is_none()) home_[client.value()] = instance.helper(option);
  }
}

}  // namespace splitlane
