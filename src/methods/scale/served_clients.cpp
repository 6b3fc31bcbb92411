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
        options_[option.value()] = {
            local ? 0 : lane_time(instance_, option), local ? 0 : instance_.memory_demand(option),
            local ? HelperIndex::kNoneValue : static_cast<std::uint32_t>(instance_.helper(option).value()),
            static_cast<std::uint32_t>(client)};
      }
    }
  });
  index_options();
  for (const HelperIndex helper : instance.helpers()) {
    free_.push_back(instance.memory_capacity(helper).value_or(kNoMemoryLimit));
  }
  for (const OptionIndex chosen : choice_) {
    const Option& place = option(chosen);
    if (place.helper == HelperIndex::kNoneValue) continue;
    free_[place.helper] -= place.demand;
    load_[place.helper] += place.load;
  }
  SPLITLANE_ASSERT(std::all_of(free_.begin(), free_.end(), [](Megabytes free) { return free >= 0; }), free_.size());
  std::vector<std::uint32_t> all(instance.helper_count());
  std::iota(all.begin(), all.end(), 0U);
  simulate(all);
}

void ServedClients::index_options() {
  const auto for_each_served = [this](const auto& act) {
    for (std::uint32_t index = 0; index < options_.size(); ++index) {
      if (index % kOptionsBetweenQuestions == 0) throw_if_reached(workers_.stop());
      if (options_[index].helper != HelperIndex::kNoneValue) act(options_[index].helper, index);
    }
  };
  first_on_helper_.assign(instance_.helper_count() + 1, 0);
  for_each_served([this](std::uint32_t helper, std::uint32_t) { ++first_on_helper_[helper + 1]; });
  std::partial_sum(first_on_helper_.begin(), first_on_helper_.end(), first_on_helper_.begin());
  on_helper_.resize(first_on_helper_.back());
  std::vector<std::uint32_t> next(first_on_helper_.begin(), first_on_helper_.end() - 1);
  for_each_served([&](std::uint32_t helper, std::uint32_t index) { on_helper_[next[helper]++] = index; });
}

Time ServedClients::latest_end() const {
  Time latest = 0;
  for (std::size_t helper = 0; helper < load_.size(); ++helper) latest = std::max(latest, end(helper));
  for (const OptionIndex chosen : choice_) {
    if (instance_.is_local(chosen)) latest = std::max(latest, instance_.path(chosen));
  }
  return latest;
}

void ServedClients::assign(ClientIndex client, OptionIndex chosen) {
  const Option& before = option(choice_[client.value()]);
  const Option& after = option(chosen);
  choice_[client.value()] = chosen;
  if (before.helper != HelperIndex::kNoneValue) {
    free_[before.helper] += before.demand;
    load_[before.helper] -= before.load;
    SPLITLANE_ASSERT(load_[before.helper] >= 0, before.helper, load_[before.helper]);
    if (before.helper != after.helper) {
      std::vector<ClientIndex>& served = served_[before.helper];
      const auto place = std::find(served.begin(), served.end(), client);
      SPLITLANE_ASSERT(place != served.end(), client.value(), before.helper);
      *place = served.back();
      served.pop_back();
    }
  }
  if (after.helper != HelperIndex::kNoneValue) {
    free_[after.helper] -= after.demand;
    load_[after.helper] += after.load;
    if (before.helper != after.helper) served_[after.helper].push_back(client);
  }
}

void ServedClients::simulate(std::span<const std::uint32_t> helpers) {
  const std::size_t chunks = std::min(kChunks, helpers.size());
  workers_.for_each(chunks, [&](std::size_t chunk) {
    std::vector<Service> services;
    const auto [first, last] = chunk_of(helpers.size(), chunks, chunk);
    for (std::size_t index = first; index < last; ++index) {
      const std::uint32_t helper = helpers[index];
      services.clear();
      for (const ClientIndex client : served_[helper])
        services.push_back(service_of(instance_, choice_[client.value()]));
      const SwitchRule rule = switch_rule_of(instance_, HelperIndex(helper));
      const Time margin = preemptive_ ? worthwhile_margin(rule) : kNeverPreempt;
      const Time end = schedulers_[chunk].run(services, rule, static_tails(services), margin);
      wait_[helper] = end - load_[helper];
    }
  });
}

}  // namespace splitlane
