#include <fmt/format.h>

#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/microseconds.hpp"

namespace splitlane {

std::string rule_title(const Simulation::Rule& rule) {
  std::string title(execution_rule_name(rule.rule));
  if (rule.percentile > 0) title += fmt::format("-p{}", rule.percentile);
  return title;
}

std::string simulation_table(const Instance& instance, const Simulation& simulation) {
  const auto unit = static_cast<double>(microseconds_per_unit(instance));
  std::string text =
      fmt::format("planned makespan {}, {} of {} executions\n", static_cast<double>(simulation.planned_makespan) / unit,
                  simulation.done.size(), simulation.executions);
  for (const Simulation::Rule& rule : simulation.rules) {
    if (rule.percentile == 0) continue;
    text += fmt::format("planned for {} % of the durations: makespan {}\n", rule.percentile,
                        static_cast<double>(rule.planned_makespan) / unit);
  }
  text += fmt::format("{:<13} {:>11} {:>11} {:>11} {:>7} {:>7} {:>11} {:>7} {:>7} {:>8}\n", "rule", "mean", "p95",
                      "worst", "within", "ratio", "latest", "lost", "moved", "regret");
  for (const Simulation::Rule& rule : simulation.rules) {
    const RuleSummary summary = summary_of(simulation, rule);
    text += fmt::format("{:<13} {:>11.1f} {:>11.1f} {:>11.1f} {:>6.1f}% {:>7.4f} {:>11.1f} {:>7.2f} {:>7.2f} {:>8}\n",
                        rule_title(rule), summary.mean / unit, summary.p95 / unit, summary.worst / unit,
                        100 * summary.within, summary.ratio, summary.lateness / unit, summary.lost_clients,
                        summary.moved_clients, summary.regret ? fmt::format("{:.2f} %", 100 * *summary.regret) : "-");
  }
  return text;
}

}  // namespace splitlane
