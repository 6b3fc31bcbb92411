#include "check/verify/root.hpp"

#include <optional>

#include "check/verify/plain_option.hpp"

namespace splitlane::verify_detail {

namespace {

bool is_root_option(const Instance& instance, OptionIndex option, Time makespan) {
  if (instance.is_local(option)) return instance.path(option) <= makespan;
  const std::optional<Megabytes> memory = instance.memory_capacity(instance.helper(option));
  if (memory && instance.memory_demand(option) > *memory) return false;
  return plain_option(instance, option).path() <= makespan;
}

}  // namespace

RootOptions::RootOptions(const Instance& instance, Time makespan)
    : contains_(instance.option_count(), 0),
      client_(instance.option_count()),
      first_of_helper_(instance.helper_count() + 1, 0) {
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      client_[option.value()] = client;
      if (!is_root_option(instance, option, makespan)) continue;
      contains_[option.value()] = 1;
      if (!instance.is_local(option)) ++first_of_helper_[instance.helper(option).value() + 1];
    }
  }
  for (std::size_t helper = 1; helper < first_of_helper_.size(); ++helper) {
    first_of_helper_[helper] += first_of_helper_[helper - 1];
  }
  by_helper_.resize(first_of_helper_.back());
  std::vector<std::size_t> next(first_of_helper_.begin(), first_of_helper_.end() - 1);
  for (const OptionIndex option : instance.options()) {
    if (contains(option) && !instance.is_local(option)) by_helper_[next[instance.helper(option).value()]++] = option;
  }
}

std::span<const OptionIndex> RootOptions::of_helper(HelperIndex helper) const {
  const std::size_t first = first_of_helper_[helper.value()];
  return {by_helper_.data() + first, first_of_helper_[helper.value() + 1] - first};
}

}  // namespace splitlane::verify_detail
