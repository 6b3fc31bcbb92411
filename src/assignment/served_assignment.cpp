#include "assignment/served_assignment.hpp"

#include <utility>

namespace splitlane {

ServedAssignment::ServedAssignment(const Instance& instance, Assignment choice)
    : instance_(&instance),
      choice_(std::move(choice)),
      ledger_(instance),
      served_(instance.helper_count()),
      load_(instance.helper_count(), 0) {
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice_[client.value()];
    if (option.is_none() || instance.is_local(option)) continue;
    ledger_.take(option);
    served_[instance.helper(option).value()].push_back(client);
    load_[instance.helper(option).value()] += instance.load(option);
  }
}

void ServedAssignment::move(ClientIndex client, OptionIndex option) {
  const OptionIndex previous = choice_[client.value()];
  choice_[client.value()] = option;
  if (!previous.is_none() && !instance_->is_local(previous)) {
    const std::size_t helper = instance_->helper(previous).value();
    ledger_.give_back(previous);
    std::erase(served_[helper], client);
    load_[helper] -= instance_->load(previous);
  }
  if (!instance_->is_local(option)) {
    const std::size_t helper = instance_->helper(option).value();
    ledger_.take(option);
    served_[helper].push_back(client);
    load_[helper] += instance_->load(option);
  }
}

}  // namespace splitlane
