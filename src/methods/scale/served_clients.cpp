#include "methods/scale/served_clients.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "assignment/schedule_assignment.hpp"
#include "base/assert.hpp"

namespace splitlane {

namespace {

constexpr std::uint32_t kOptionsBetweenQuestions = 1U << 18U;  // to the stop condition

Time lane_time(const Instance& instance, OptionIndex option) {
  const SwitchRule rule = switch_rule_of(instance, instance.helper(option));
  const Service service = plain_service(service_of(instance, option), rule);
  return service.load();
}

}  // namespace

ServedClients::ServedClients(const Instance& instance, const Assignment& choice, bool preemptive, Workers& workers)
    : instance_(instance),
      preemptive_(preemptive),
      workers_(workers),
      options_(instance.option_count()),
      choice_(choice),
      served_(clients_by_helper(instance, choice)),
      load_(instance.helper_count(), 0),
      wait_(instance.helper_count(), 0),
      schedulers_(kChunks) {
  workers_.for_each_in_time(kChunks, [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(instance_.client_count(), kChunks, chunk);
    for (std::size_t client = first; client < last; ++client) {
      for (const OptionIndex option : instance_.options(ClientIndex(client))) {
        const bool local = instance_.is_local(option);
        options_[option.value()] = {local ? 0 : lane_time(instance_, option),
                                    local ? 0 : instance_.memory_demand(option), instance_.helper(option),
                                    ClientIndex(client)};
      }
    }
  });
  index_options();
  for (const HelperIndex helper : instance.helpers()) {
    free_.push_back(instance.memory_capacity(helper).value_or(kNoMemoryLimit));
  }
  for (const OptionIndex chosen : choice_) {
    const Option& place = option(chosen);
    if (place.helper.is_none()) continue;
    free_[place.helper.value()] -= place.demand;
    load_[place.helper.value()] += place.load;
  }
  SPLITLANE_ASSERT(std::all_of(free_.begin(), free_.end(), [](Megabytes free) { return free >= 0; }), free_.size());
  std::vector<HelperIndex> all;
  for (const HelperIndex helper : instance.helpers()) all.push_back(helper);
  simulate(all);
}

void ServedClients::index_options() {
  const auto for_each_served = [this](const auto& act) {
    for (const OptionIndex index : instance_.options()) {
      if (index.value() % kOptionsBetweenQuestions == 0) throw_if_reached(workers_.stop());
      if (!option(index).helper.is_none()) act(option(index).helper, index);
    }
  };
  first_on_helper_.assign(instance_.helper_count() + 1, 0);
  for_each_served([this](HelperIndex helper, OptionIndex) { ++first_on_helper_[helper.value() + 1]; });
  std::partial_sum(first_on_helper_.begin(), first_on_helper_.end(), first_on_helper_.begin());
  on_helper_.resize(first_on_helper_.back());
  std::vector<std::uint32_t> next(first_on_helper_.begin(), first_on_helper_.end() - 1);
  for_each_served([&](HelperIndex helper, OptionIndex index) { on_helper_[next[helper.value()]++] = index; });
}

Time ServedClients::latest_end() const {
  Time latest = 0;
  for (const HelperIndex helper : instance_.helpers()) latest = std::max(latest, end(helper));
  for (const OptionIndex chosen : choice_) {
    if (instance_.is_local(chosen)) latest = std::max(latest, instance_.path(chosen));
  }
  return latest;
}

void ServedClients::assign(ClientIndex client, OptionIndex chosen) {
  const Option& before = option(choice_[client.value()]);
  const Option& after = option(chosen);
  choice_[client.value()] = chosen;
  if (!before.helper.is_none()) {
    free_[before.helper.value()] += before.demand;
    load_[before.helper.value()] -= before.load;
    SPLITLANE_ASSERT(load_[before.helper.value()] >= 0, before.helper.value(), load_[before.helper.value()]);
    if (before.helper != after.helper) {
      std::vector<ClientIndex>& served = served_[before.helper.value()];
      const auto place = std::find(served.begin(), served.end(), client);
      SPLITLANE_ASSERT(place != served.end(), client.value(), before.helper.value());
      *place = served.back();
      served.pop_back();
    }
  }
  if (!after.helper.is_none()) {
    free_[after.helper.value()] -= after.demand;
    load_[after.helper.value()] += after.load;
    if (before.helper != after.helper) served_[after.helper.value()].push_back(client);
  }
}

void ServedClients::simulate(std::span<const HelperIndex> helpers) {
  const std::size_t chunks = std::min(kChunks, helpers.size());
  workers_.for_each(chunks, [&](std::size_t chunk) {
    std::vector<Service> services;
    const auto [first, last] = chunk_of(helpers.size(), chunks, chunk);
    for (std::size_t index = first; index < last; ++index) {
      const HelperIndex helper = helpers[index];
      services.clear();
      for (const ClientIndex client : served_[helper.value()])
        services.push_back(service_of(instance_, choice_[client.value()]));
      const SwitchRule rule = switch_rule_of(instance_, helper);
      const Time margin = preemptive_ ? worthwhile_margin(rule) : kNeverPreempt;
      const Time end = schedulers_[chunk].run(services, rule, static_tails(services), margin);
      wait_[helper.value()] = end - load_[helper.value()];
    }
  });
}

}  // namespace splitlane
