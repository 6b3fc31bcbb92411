#include <algorithm>
#include <string>
#include <vector>

#include "report/gantt_frame.hpp"
#include "report/gantt_rows.hpp"
#include "report/gantt_shares.hpp"
#include "report/gantt_trace.hpp"
#include "report/text.hpp"
#include "splitlane/report/report.hpp"

namespace splitlane {

namespace {

using namespace report;

// Past either number bars would be drawn over each other, and the file would grow past a few MB.
constexpr std::size_t kMostHelpersInRows = 60;
constexpr std::size_t kMostSegmentsAsBars = 6000;
constexpr double kCriticalLane = 13;
constexpr double kSectionSpace = 10;

TimeScale scale_of(const PlanView& view, double rows_height) {
  TimeScale scale;
  scale.plot = {kLeftMargin, kHeaderHeight, kFigureWidth - kLeftMargin - kRightMargin, rows_height};
  scale.span = std::max<Time>(1, view.latest_instant());
  return scale;
}

std::string finish(const SvgWriter& svg, const PlanView& view, const TimeScale& scale) {
  return svg.document(kFigureWidth, scale.plot.bottom() + kAxisHeight, figure_title(view), gantt_definitions());
}

std::size_t most_clients_in_a_row(const PlanView& view) {
  std::size_t most = view.local_count();
  for (const HelperIndex helper : view.instance().helpers()) most = std::max(most, view.clients_of(helper).size());
  return most;
}

std::string draw_bars(const PlanView& view) {
  const std::size_t row_count = view.instance().helper_count() + (view.local_count() > 0 ? 1 : 0);
  const RowStyle style = row_style(row_count, most_clients_in_a_row(view));
  TimeScale scale = scale_of(view, 0);
  const std::vector<Row> rows = all_rows(view, scale, style);
  for (const Row& row : rows) scale.plot.height += row.height(style) + style.space;

  SvgWriter svg;
  draw_heading(svg, view);
  draw_legend(svg, FigureKind::kBars);
  draw_axis(svg, view.instance(), scale);
  double top = scale.plot.y + style.space / 2;
  for (const Row& row : rows) {
    draw_row(svg, view, scale, style, row, top);
    top += row.height(style) + style.space;
  }
  draw_limits(svg, view, scale);
  return finish(svg, view, scale);
}

std::string draw_aggregated(const PlanView& view) {
  const RowStyle style = row_style(kMostGroups, view.local_count());
  const ClientIndex critical = view.critical();
  TimeScale scale = scale_of(view, 0);
  const std::vector<Row> local = local_row(view, scale, style);
  scale.plot.height = kSectionSpace + shares_height(view.instance());
  const bool shows_critical = !critical.is_none() && !view.is_local(critical);
  if (shows_critical) scale.plot.height += kCriticalLane + kSectionSpace;
  for (const Row& row : local) scale.plot.height += row.height(style) + kSectionSpace;

  SvgWriter svg;
  draw_heading(svg, view);
  draw_legend(svg, FigureKind::kShares);
  draw_axis(svg, view.instance(), scale);
  double top = scale.plot.y + kSectionSpace / 2;
  draw_shares(svg, view, scale, top);
  top += shares_height(view.instance()) + kSectionSpace / 2;
  if (shows_critical) {
    svg.text(kLeftMargin - 10, top + kCriticalLane - 2.5, R"(class="about")", "critical client");
    draw_timeline(svg, scale, timeline_of(view, critical), {scale.plot.x, top, scale.plot.width, kCriticalLane});
    top += kCriticalLane + kSectionSpace;
  }
  for (const Row& row : local) draw_row(svg, view, scale, style, row, top);
  draw_limits(svg, view, scale);
  return finish(svg, view, scale);
}

}  // namespace

std::string gantt_svg(const Instance& instance, const Plan& plan, const Trace* trace) {
  const PlanView view(instance, plan);
  if (trace != nullptr) return draw_trace(TraceView(view, *trace));
  const bool is_large = instance.helper_count() > kMostHelpersInRows || view.segment_count() > kMostSegmentsAsBars;
  return is_large ? draw_aggregated(view) : draw_bars(view);
}

}  // namespace splitlane
