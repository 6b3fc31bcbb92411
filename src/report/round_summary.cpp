#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "report/text.hpp"
#include "report/text_page.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

double share(Time part, Time whole) {
  return static_cast<double>(part) / static_cast<double>(std::max<Time>(whole, 1));
}

std::string_view way_text(RoundWay way) {
  switch (way) {
    case RoundWay::kBarrier: return "barrier between batches, the plan's order (the paper's)";
    case RoundWay::kOrder: return "no barrier, the plan's order";
    case RoundWay::kPriority: return "no barrier, the longest remaining path first";
    case RoundWay::kReassigned: return "the same, with an assignment made for the round";
  }
  return "";
}

std::string batches_text(const BatchCounts& batches) {
  const auto [fewest, most] = std::minmax_element(batches.begin(), batches.end());
  const std::size_t different = std::set<std::int64_t>(batches.begin(), batches.end()).size();
  if (different == 1) return fmt::format("{} for every client", *fewest);
  return fmt::format("{} to {}, {} different numbers", *fewest, *most, different);
}

// "-225 (9.38 %)", or nothing where there is no barrier to compare with.
std::string gain_text(Time makespan, const Round& round) {
  if (round.ways.front().way != RoundWay::kBarrier) return "";
  const Time barrier = round.ways.front().makespan;
  if (makespan == barrier) return "0";
  const Time difference = makespan - barrier;
  return fmt::format("{:+} ({}{})", difference, difference > 0 ? "+" : "-",
                     percent(share(std::abs(difference), barrier)));
}

}  // namespace

std::string round_summary(const Instance& instance, const Round& round) {
  TextPage page;
  const std::string name = instance.name().empty() ? "(no name)" : printable(instance.name());
  page.add("instance", fmt::format("{}: {}, {}", name, counted(instance.client_count(), "client"),
                                   counted(instance.helper_count(), "helper")));
  page.add("batches", batches_text(round.batches));
  page.add("way", fmt::format("{}: {}", round_way_name(round.way), way_text(round.way)));
  page.add("makespan", time_text(instance, round.makespan));
  const std::string gap = round.status == PlanStatus::kOptimal
                              ? "optimal"
                              : "gap " + percent(share(round.makespan - round.lower_bound, round.lower_bound));
  page.add("lower bound", fmt::format("{}, {}", time_text(instance, round.lower_bound), gap));
  std::string text = page.text();
  text += fmt::format("\n  {:<11} {:>15} {:>9}  {:<20}  {:>16}\n", "way", "makespan", "gap", "against barrier",
                      "its assignment's");
  for (const TriedWay& trial : round.ways) {
    text += fmt::format("  {:<11} {:>15} {:>9}  {:<20}  {:>16}\n", round_way_name(trial.way), trial.makespan,
                        percent(share(trial.makespan - round.lower_bound, round.lower_bound)),
                        gain_text(trial.makespan, round), fmt::format("at least {}", trial.lower_bound));
  }
  for (const std::string& warning : round.warnings) text += fmt::format("warning: {}\n", warning);
  return text;
}

}  // namespace splitlane
