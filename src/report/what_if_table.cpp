#include <fmt/format.h>

#include <string>

#include "report/plan_view.hpp"
#include "report/text.hpp"
#include "report/text_page.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

constexpr std::size_t kChangeWidth = 46;

std::string status_text(PlanStatus status, Time lower_bound) {
  return status == PlanStatus::kOptimal ? "optimal" : fmt::format("at least {}", lower_bound);
}

// "-16 (11.8 %)"
std::string difference_text(Time makespan, Time base) {
  if (makespan == base) return "0";
  return fmt::format("{} ({})", makespan - base,
                     percent(static_cast<double>(base - makespan) / static_cast<double>(base)));
}

std::string line(const std::string& change, std::string_view makespan, std::string_view difference,
                 std::string_view status) {
  return fmt::format("  {} {:>12} {:>18}  {}\n", padded(change, kChangeWidth), makespan, difference, status);
}

}  // namespace

std::string what_if_table(const Instance& instance, const WhatIf& what_if) {
  const Plan& base = what_if.base;
  TextPage page;
  page.add("makespan", fmt::format("{}, {}", time_text(instance, base.schedule.makespan),
                                   base.proof.status == PlanStatus::kOptimal ? "optimal" : gap_text(base)));
  if (base.proof.binding) page.add("binds", printable(base.proof.binding->text, kUnlimited));
  std::string text = page.text() + "\n" + line("change", "makespan", "difference", "");
  for (const WhatIfRow& row : what_if.rows) {
    text += line(printable(row.text, kChangeWidth), fmt::format("{}", row.makespan),
                 difference_text(row.makespan, base.schedule.makespan), status_text(row.status, row.lower_bound));
  }
  if (what_if.left_out > 0) text += fmt::format("  cancelled: {} not planned\n", counted(what_if.left_out, "change"));
  if (base.proof.status != PlanStatus::kOptimal) {
    text += "The plan as it is may not be the best, so a difference can be in part the search's.\n";
  }
  return text;
}

}  // namespace splitlane
