#include "analysis/suggested_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <tuple>
#include <utility>

namespace splitlane {

namespace {

constexpr std::size_t kMostClientsChanged = 3;
constexpr std::size_t kMostHelperTypes = 4;
constexpr std::size_t kMostFasterHelpers = 3;

// The clients that complete last in a plan, the last first.
std::vector<ClientIndex> last_clients(const Instance& instance, const Plan& base) {
  std::vector<ClientIndex> clients;
  for (const ClientIndex client : instance.clients()) clients.push_back(client);
  const std::size_t shown = std::min(kMostClientsChanged, clients.size());
  std::partial_sort(clients.begin(), clients.begin() + static_cast<std::ptrdiff_t>(shown), clients.end(),
                    [&](ClientIndex left, ClientIndex right) {
                      return std::pair(base.schedule.times[right.value()].completion, left) <
                             std::pair(base.schedule.times[left.value()].completion, right);
                    });
  clients.resize(shown);
  return clients;
}

std::vector<ClientIndex> clients_that_matter(const Instance& instance, const Plan& base) {
  std::vector<ClientIndex> clients = base.proof.binding ? base.proof.binding->clients : std::vector<ClientIndex>{};
  if (clients.empty()) return last_clients(instance, base);
  clients.resize(std::min(clients.size(), kMostClientsChanged));
  return clients;
}

// The helper on which this client's own path is shortest; none() when it can only train locally.
HelperIndex best_helper(const Instance& instance, ClientIndex client) {
  OptionIndex best;
  for (const OptionIndex option : instance.options(client)) {
    if (instance.is_local(option)) continue;
    if (best.is_none() || instance.path(option) < instance.path(best)) best = option;
  }
  return best.is_none() ? HelperIndex::none() : instance.helper(best);
}

/// What makes two helpers the same type: memory, switch cost, and the work of everybody's options. Links may differ.
struct HelperType {
  Megabytes memory = -1;
  Time switch_cost = 0;
  std::vector<std::tuple<ClientIndex, Time, Time, Megabytes>> work;
  auto key() const { return std::tie(memory, switch_cost, work); }
  bool operator<(const HelperType& other) const { return key() < other.key(); }
};

std::vector<HelperType> helper_types(const Instance& instance) {
  std::vector<HelperType> types(instance.helper_count());
  for (const HelperIndex helper : instance.helpers()) {
    types[helper.value()].memory = instance.memory_capacity(helper).value_or(-1);
    types[helper.value()].switch_cost = instance.switch_cost(helper);
  }
  for (const ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) continue;
      types[instance.helper(option).value()].work.emplace_back(
          client, instance.forward(option), instance.backward(option), instance.memory_demand(option));
    }
  }
  return types;
}

class Suggestions {
 public:
  Suggestions(const Instance& instance, const Plan& base, std::int64_t percent)
      : instance_(instance),
        percent_(percent),
        clients_(clients_that_matter(instance, base)),
        helpers_(helpers_by_weight(instance, base)) {}

  std::vector<Suggestion> make() {
    suggest_clients();
    suggest_more_helpers();
    suggest_faster_helpers();
    return std::move(suggestions_);
  }

 private:
  void add(const Change& change) { suggestions_.push_back({change_text(instance_, change), {change}}); }

  void suggest_clients() {
    std::vector<Change> all;
    for (const ClientIndex client : clients_) {
      all.push_back({Change::Kind::kFasterClient, client, {}, percent_});
      add(all.back());
      const HelperIndex helper = best_helper(instance_, client);
      if (!helper.is_none()) add({Change::Kind::kOwnHelper, client, helper, 0});
      if (instance_.client_count() > 1) add({Change::Kind::kWithoutClient, client, {}, 0});
    }
    if (all.size() > 1) {
      suggestions_.push_back(
          {fmt::format("the {} clients tried here and their links {} % faster", all.size(), percent_), all});
    }
  }

  void suggest_more_helpers() {
    const std::vector<HelperType> types = helper_types(instance_);
    std::set<HelperType> seen;
    for (const HelperIndex helper : helpers_) {
      if (seen.size() >= kMostHelperTypes) return;
      const HelperType& type = types[helper.value()];
      if (type.work.empty() || !seen.insert(type).second) continue;
      add({Change::Kind::kMoreHelpers, {}, helper, 1});
    }
  }

  void suggest_faster_helpers() {
    std::vector<Change> all;
    for (const HelperIndex helper : instance_.helpers()) {
      all.push_back({Change::Kind::kFasterHelper, {}, helper, percent_});
    }
    for (std::size_t position = 0; position < std::min(kMostFasterHelpers, helpers_.size()); ++position) {
      add(all[helpers_[position].value()]);
    }
    if (all.size() > 1) {
      const std::string who = all.size() == 2 ? "both helpers" : fmt::format("all {} helpers", all.size());
      suggestions_.push_back({fmt::format("{} {} % faster", who, percent_), all});
    }
  }

  const Instance& instance_;
  std::int64_t percent_;
  std::vector<ClientIndex> clients_;
  std::vector<HelperIndex> helpers_;
  std::vector<Suggestion> suggestions_;
};

}  // namespace

std::vector<HelperIndex> helpers_by_weight(const Instance& instance, const Plan& base) {
  std::vector<HelperIndex> helpers = base.proof.binding ? base.proof.binding->helpers : std::vector<HelperIndex>{};
  std::vector<Time> busy(instance.helper_count(), 0);
  for (const OptionIndex option : base.schedule.choice) {
    if (!instance.is_local(option)) busy[instance.helper(option).value()] += instance.load(option);
  }
  std::vector<bool> is_named(instance.helper_count(), false);
  for (const HelperIndex helper : helpers) is_named[helper.value()] = true;
  const auto first_other = static_cast<std::ptrdiff_t>(helpers.size());
  for (const HelperIndex helper : instance.helpers()) {
    if (!is_named[helper.value()]) helpers.push_back(helper);
  }
  std::stable_sort(helpers.begin() + first_other, helpers.end(),
                   [&](HelperIndex left, HelperIndex right) { return busy[left.value()] > busy[right.value()]; });
  return helpers;
}

std::vector<Suggestion> suggested_changes(const Instance& instance, const Plan& base, std::int64_t faster_percent) {
  return Suggestions(instance, base, faster_percent).make();
}

}  // namespace splitlane
