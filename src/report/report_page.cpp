#include <optional>
#include <vector>

#include "report/page_data.hpp"
#include "report/page_template.hpp"
#include "report/plan_view.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

std::string report_page(const Instance& instance, const Plan& plan, const Plan* against, const Trace* trace) {
  std::vector<report::PlanView> views;
  views.reserve(2);
  views.emplace_back(instance, plan);
  if (against != nullptr) views.emplace_back(instance, *against);
  std::vector<const report::PlanView*> pointers;
  pointers.reserve(views.size());
  for (const report::PlanView& view : views) pointers.push_back(&view);
  std::optional<report::TraceView> trace_view;
  if (trace != nullptr) trace_view.emplace(views.front(), *trace);
  const report::PageTemplate& page = report::page_template();
  std::string html(page.before);
  html += report::page_data(pointers, trace_view ? &*trace_view : nullptr);
  html += page.after;
  return html;
}

}  // namespace splitlane
