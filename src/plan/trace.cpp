#include "splitlane/plan/trace.hpp"

#include <algorithm>
#include <array>

namespace splitlane {

namespace {

constexpr std::array<std::string_view, kExecutionRules> kNames = {"planned", "first-come", "longest-tail",
                                                                  "longest-path"};

}  // namespace

std::string_view execution_rule_name(ExecutionRule rule) { return kNames.at(static_cast<std::size_t>(rule)); }

Time Trace::makespan() const {
  Time latest = 0;
  for (const ClientTrace& client : clients) {
    for (const BatchTimes& batch : client.batches) latest = std::max(latest, batch.completion.value_or(0));
  }
  return latest;
}

}  // namespace splitlane
