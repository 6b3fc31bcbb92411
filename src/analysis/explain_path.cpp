#include "analysis/explain_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "analysis/explanation_names.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane {

namespace {

struct OptionPath {
  OptionIndex option;
  Time path = kLargestNumber + 1;
};

// What one client could have, were it alone: its shortest two options that fit their helper, and the shortest that
// does not.
struct ClientPaths {
  ClientIndex client;
  OptionPath shortest;
  OptionPath next;
  OptionPath too_large;
};

bool fits_alone(const Instance& instance, OptionIndex option) {
  if (instance.is_local(option)) return true;
  const auto memory = instance.memory_capacity(instance.helper(option));
  return !memory || instance.memory_demand(option) <= *memory;
}

Time path_alone(const Instance& instance, OptionIndex option) {
  if (instance.is_local(option)) return instance.path(option);
  const SwitchRule rule = switch_rule_of(instance, instance.helper(option));
  return rule.cost == 0 ? instance.path(option) : plain_service(service_of(instance, option), rule).path();
}

ClientPaths paths_of(const Instance& instance, ClientIndex client) {
  ClientPaths paths;
  paths.client = client;
  for (const OptionIndex option : instance.options(client)) {
    OptionPath entry{option, path_alone(instance, option)};
    if (!fits_alone(instance, option)) {
      if (entry.path < paths.too_large.path) paths.too_large = entry;
      continue;
    }
    if (entry.path < paths.shortest.path) std::swap(entry, paths.shortest);
    if (entry.path < paths.next.path) paths.next = entry;
  }
  return paths;
}

std::string option_name(const Instance& instance, ClientIndex client, OptionIndex option) {
  const std::size_t position = option.value() - instance.options(client)[0].value();
  if (instance.is_local(option)) return fmt::format("option {}, trained locally", position);
  return fmt::format("option {} on {}", position, instance.helper_id(instance.helper(option)));
}

std::string path_text(const Instance& instance, const ClientPaths& paths) {
  std::string text =
      fmt::format("client {} needs {} even with a helper to itself ({}", instance.client_id(paths.client),
                  paths.shortest.path, option_name(instance, paths.client, paths.shortest.option));
  if (paths.next.option.is_none()) {
    return text + (paths.too_large.option.is_none() ? ", its only one)" : ", the only one whose memory fits)");
  }
  return text + fmt::format("; {} with {})", paths.next.path, option_name(instance, paths.client, paths.next.option));
}

std::string memory_text(const Instance& instance, const ClientPaths& paths) {
  const OptionIndex option = paths.too_large.option;
  const HelperIndex helper = instance.helper(option);
  return fmt::format(
      "memory of helper {}: its {} MB cannot hold the {} MB of client {}, whose path there is {}, not {}",
      instance.helper_id(helper), instance.memory_capacity(helper).value_or(0), instance.memory_demand(option),
      instance.client_id(paths.client), paths.too_large.path, paths.shortest.path);
}

void add_once(std::vector<HelperIndex>& helpers, HelperIndex helper) {
  if (helper.is_none() || helpers.size() >= Binding::kMostNamed) return;
  if (std::find(helpers.begin(), helpers.end(), helper) == helpers.end()) helpers.push_back(helper);
}

}  // namespace

std::optional<Binding> explain_path(const Instance& instance, Time bound) {
  Binding binding;
  ClientPaths first;
  OptionPath next_client_path{OptionIndex::none(), -1};
  ClientIndex next_client;
  std::size_t total = 0;
  for (const ClientIndex client : instance.clients()) {
    const ClientPaths paths = paths_of(instance, client);
    if (paths.shortest.path < bound) {
      if (paths.shortest.path > next_client_path.path) {
        next_client_path = paths.shortest;
        next_client = client;
      }
      continue;
    }
    if (total++ == 0) first = paths;
    if (binding.clients.size() >= Binding::kMostNamed) continue;
    binding.clients.push_back(client);
    const bool by_memory = paths.too_large.path < bound;
    const OptionIndex option = by_memory ? paths.too_large.option : paths.shortest.option;
    if (!option.is_none()) add_once(binding.helpers, instance.helper(option));
  }
  if (total == 0) return std::nullopt;
  const bool by_memory = first.too_large.path < bound;
  binding.kind = by_memory ? Binding::Kind::kMemory : Binding::Kind::kPath;
  if (by_memory) {
    binding.text = memory_text(instance, first);
  } else {
    binding.text = total == 1 ? path_text(instance, first)
                              : fmt::format("{} need {} even with a helper to themselves",
                                            names_of(instance, binding.clients, total), first.shortest.path);
  }
  if (!next_client.is_none()) {
    binding.text += fmt::format("; next, client {}, {}", instance.client_id(next_client), next_client_path.path);
  }
  return binding;
}

}  // namespace splitlane
