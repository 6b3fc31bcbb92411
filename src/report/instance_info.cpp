#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/instance_statistics.hpp"
#include "report/text.hpp"
#include "report/text_page.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

constexpr std::size_t kWarningsInInfo = 6;
constexpr std::size_t kIdsListed = 3;

void add_counts(TextPage& page, const Instance& instance, const InstanceStatistics& statistics) {
  const double pairs = static_cast<double>(instance.client_count()) * static_cast<double>(instance.helper_count());
  page.add("instance", instance.name().empty() ? "(no name)" : printable(instance.name(), 80));
  page.add("counts", fmt::format("{}, {}, {} ({} local), missing edges {}", counted(instance.client_count(), "client"),
                                 counted(instance.helper_count(), "helper"), counted(instance.option_count(), "option"),
                                 statistics.local_options, percent(1 - static_cast<double>(statistics.edges) / pairs)));
}

void add_time(TextPage& page, const Instance& instance) {
  std::string unit = fmt::format("unit {}", unit_name(instance));
  if (instance.time_unit() == TimeUnit::kSlot) {
    unit += instance.slot_us() ? fmt::format(" of {}", real_time(static_cast<double>(*instance.slot_us())))
                               : std::string(" of unknown length");
  }
  page.add("time", fmt::format("{}, horizon {}", unit, time_text(instance, instance.horizon())));
  std::vector<Time> costs;
  for (const HelperIndex helper : instance.helpers()) costs.push_back(instance.switch_cost(helper));
  const Range range = range_of(std::move(costs));
  if (range.largest == 0) {
    page.add("switching", "free");
  } else {
    page.add("switching", fmt::format("{}, cost {} to {} (median {})",
                                      instance.switch_model() == SwitchModel::kOccupy ? "occupies the helper"
                                                                                      : "charged to the client",
                                      range.smallest, range.largest, range.median));
  }
}

struct Duration {
  std::string_view name;
  Time (Instance::*value)(OptionIndex) const;
};
constexpr std::array<Duration, 9> kDurations = {{{"release", &Instance::release},
                                                 {"forward", &Instance::forward},
                                                 {"client_forward", &Instance::client_forward},
                                                 {"client_backward", &Instance::client_backward},
                                                 {"backward", &Instance::backward},
                                                 {"tail", &Instance::tail},
                                                 {"turnaround", &Instance::turnaround},
                                                 {"load", &Instance::load},
                                                 {"path", &Instance::path}}};

void add_ranges(TextPage& page, const Instance& instance) {
  page.add("durations", fmt::format("{:<16} {:>12} {:>12} {:>12}", "", "min", "median", "max"));
  const auto add_row = [&](std::string_view name, Time (Instance::*value)(OptionIndex) const, bool local) {
    std::vector<Time> values;
    for (const OptionIndex option : instance.options()) {
      if (instance.is_local(option) == local) values.push_back((instance.*value)(option));
    }
    if (values.empty()) return;
    const Range range = range_of(std::move(values));
    page.add("", fmt::format("{:<16} {:>12} {:>12} {:>12}", name, range.smallest, range.median, range.largest));
  };
  for (const Duration& duration : kDurations) add_row(duration.name, duration.value, false);
  add_row("local", &Instance::path, true);
}

void add_memory(TextPage& page, const Instance& instance, const MemoryStatistics& memory) {
  if (memory.unbounded_helpers == instance.helper_count()) {
    page.add("memory", fmt::format("unbounded on every helper; the clients need at least {} MB", memory.least_demand));
    return;
  }
  std::string text = fmt::format("the clients need at least {} MB", memory.least_demand);
  if (memory.unbounded_helpers > 0) {
    text += fmt::format("; {} unbounded, the others have {} MB", counted(memory.unbounded_helpers, "helper"),
                        memory.capacity);
  } else {
    text += fmt::format(" of {} MB", memory.capacity);
    if (memory.capacity > 0) {
      text += fmt::format(" ({})",
                          percent(static_cast<double>(memory.least_demand) / static_cast<double>(memory.capacity)));
    }
  }
  page.add("memory", text);
  if (!memory.tightest) return;
  const TightestHelper& tightest = *memory.tightest;
  page.add("", fmt::format("tightest helper {}: {} MB, {} of the {} MB that its possible clients need",
                           printable(instance.helper_id(tightest.helper), kShortId), tightest.capacity,
                           tightest.capacity >= tightest.demand
                               ? std::string("all")
                               : percent(static_cast<double>(tightest.capacity) / static_cast<double>(tightest.demand)),
                           tightest.demand));
}

Time path_part(const Instance& instance) {
  Time bound = 0;
  for (const ClientIndex client : instance.clients()) {
    Time shortest = kLargestNumber;
    for (const OptionIndex option : instance.options(client)) {
      shortest = std::min(
          shortest, instance.is_local(option)
                        ? instance.path(option)
                        : path_bound(service_of(instance, option), switch_rule_of(instance, instance.helper(option))));
    }
    bound = std::max(bound, shortest);
  }
  return bound;
}

std::vector<std::string> memory_warnings(const Instance& instance, const MemoryStatistics& memory) {
  std::vector<std::string> warnings;
  if (!memory.fit_nowhere.empty()) {
    std::vector<std::string> names;
    for (std::size_t index = 0; index < std::min(kIdsListed, memory.fit_nowhere.size()); ++index) {
      names.push_back(printable(instance.client_id(memory.fit_nowhere[index]), kShortId));
    }
    warnings.push_back(
        fmt::format("no plan exists: {} fit{} no helper: {}", counted(memory.fit_nowhere.size(), "client"),
                    memory.fit_nowhere.size() == 1 ? "s" : "", listed(names, memory.fit_nowhere.size())));
  }
  if (memory.unbounded_helpers == 0 && memory.least_demand > memory.capacity) {
    warnings.push_back(fmt::format("no plan exists: the clients need {} MB, all helpers together have {} MB",
                                   memory.least_demand, memory.capacity));
  }
  if (memory.unbounded_helpers > 0 && memory.has_demands) {
    warnings.push_back(fmt::format(
        "options give memory demands, but {} no memory_mb and so no limit",
        memory.unbounded_helpers == 1 ? "1 helper has" : fmt::format("{} helpers have", memory.unbounded_helpers)));
  }
  return warnings;
}

std::vector<std::string> warnings_of(const Instance& instance, const InstanceStatistics& statistics) {
  std::vector<std::string> warnings = memory_warnings(instance, statistics.memory);
  if (statistics.zero_options == instance.option_count()) {
    warnings.emplace_back("all durations of the instance are 0");
  } else if (statistics.zero_options > 0) {
    warnings.push_back(fmt::format("{} with all durations 0", counted(statistics.zero_options, "option")));
  }
  if (statistics.dominated_options > 0) {
    const auto is_after = [&](ClientIndex client) { return instance.options(client)[0] > statistics.first_dominated; };
    std::size_t low = 0;
    for (std::size_t high = instance.client_count(); high - low > 1;) {
      const std::size_t middle = low + (high - low) / 2;
      (is_after(ClientIndex(middle)) ? high : low) = middle;
    }
    const ClientIndex client(low);
    warnings.push_back(
        fmt::format("{} dominated by another of the same client and helper; the first is option {} of {}",
                    counted(statistics.dominated_options, "option"),
                    statistics.first_dominated.value() - instance.options(client)[0].value(),
                    printable(instance.client_id(client), kShortId)));
  }
  if (instance.time_unit() == TimeUnit::kSlot && !instance.slot_us()) {
    warnings.emplace_back("slots without slot_us: real times are unknown, traces count a slot as 1 ms");
  }
  return warnings;
}

}  // namespace

std::string instance_info(const Instance& instance) {
  const InstanceStatistics statistics = statistics_of(instance);
  TextPage page;
  add_counts(page, instance, statistics);
  add_time(page, instance);
  add_ranges(page, instance);
  add_memory(page, instance, statistics.memory);
  page.add("variation",
           fmt::format("coefficient of load {:.3f} over a client's helpers (mean), of path {:.3f} over clients",
                       statistics.load_variation, statistics.path_variation));
  page.add("bounds", fmt::format("path {}", time_text(instance, path_part(instance))));
  page.add("", fmt::format("instance {}", time_text(instance, instance_bound(instance))));
  page.add_list("warnings", warnings_of(instance, statistics), kWarningsInInfo);
  return page.text();
}

}  // namespace splitlane
