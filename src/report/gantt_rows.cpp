#include "report/gantt_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "report/gantt_lane.hpp"
#include "report/saturating.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// Pixels that all rows together may take; more rows are thinner ones.
constexpr double kRowsHeight = 1080;
constexpr double kLargestTimeline = 11;
constexpr double kSmallestTimeline = 4;
constexpr double kAboutLine = 12;

std::vector<LaneBar> bars_of(const PlanView& view, HelperIndex helper) {
  std::vector<LaneBar> bars;
  for (const Segment& segment : view.lane(helper)) {
    bars.push_back({segment.client, segment.task, segment.start, segment.end, segment.client == view.critical(), {}});
  }
  return bars;
}

std::string busy_text(const PlanView& view, HelperIndex helper) {
  Time busy = 0;
  for (const Segment& segment : view.lane(helper)) busy = add_saturating(busy, segment.end - segment.start);
  const Time makespan = view.makespan();
  return makespan == 0
             ? "idle"
             : fmt::format("busy {:.0f} %", 100.0 * static_cast<double>(busy) / static_cast<double>(makespan));
}

std::vector<std::string> about_row(const PlanView& view, const Row& row) {
  const std::size_t clients = row.helper.is_none() ? view.local_count() : view.clients_of(row.helper).size();
  std::vector<std::string> lines = {counted(clients, "client")};
  if (!row.helper.is_none()) lines.front() += ", " + busy_text(view, row.helper);
  if (row.packing.hidden_count > 0) lines.push_back(fmt::format("{} not drawn below", row.packing.hidden_count));
  return lines;
}

void draw_row_label(SvgWriter& svg, const PlanView& view, const RowStyle& style, const Row& row, double top) {
  const double x = kLeftMargin - 10;
  const double first = top + 4.5 + (row.helper.is_none() ? style.timeline : style.lane) / 2;
  const std::string id = row.helper.is_none() ? "local" : printable(view.instance().helper_id(row.helper), 16);
  svg.text(x, first, R"(class="helper")", id);
  double y = first + kAboutLine + 1;
  for (const std::string& line : about_row(view, row)) {
    if (y > top + row.height(style) + style.space / 2) return;
    svg.text(x, y, R"(class="about")", line);
    y += kAboutLine;
  }
}

}  // namespace

RowStyle row_style(std::size_t rows, std::size_t most_clients) {
  const auto count = static_cast<double>(std::max<std::size_t>(rows, 1));
  RowStyle style;
  style.lane = rows <= 8 ? 28 : rows <= 14 ? 22 : rows <= 28 ? 16 : 11;
  style.space = rows <= 14 ? 12 : 7;
  const double room = std::max(kSmallestTimeline, kRowsHeight / count - style.lane - style.space);
  const auto lanes = static_cast<double>(std::max<std::size_t>(most_clients, 1));
  style.timeline = std::clamp(room / lanes, kSmallestTimeline, kLargestTimeline);
  // Where not everybody fits, a few readable timelines are worth more than many hairlines.
  if (style.timeline * lanes > room) style.timeline = std::min(7.0, std::max(kSmallestTimeline, room));
  style.most_lanes = std::max<std::size_t>(1, static_cast<std::size_t>(room / style.timeline + 1e-9));
  return style;
}

double Row::height(const RowStyle& style) const {
  const double lane = helper.is_none() ? 0 : style.lane;
  return lane + style.timeline * static_cast<double>(std::max<std::size_t>(packing.lane_count, 1));
}

std::vector<Row> local_row(const PlanView& view, const TimeScale& scale, const RowStyle& style) {
  if (view.local_count() == 0) return {};
  std::vector<ClientIndex> local;
  for (const ClientIndex client : view.instance().clients()) {
    if (view.is_local(client)) local.push_back(client);
  }
  return {Row{HelperIndex::none(), pack_clients(view, scale, local, style.most_lanes)}};
}

std::vector<Row> all_rows(const PlanView& view, const TimeScale& scale, const RowStyle& style) {
  std::vector<Row> rows;
  for (const HelperIndex helper : view.instance().helpers()) {
    rows.push_back({helper, pack_clients(view, scale, view.clients_of(helper), style.most_lanes)});
  }
  for (Row& row : local_row(view, scale, style)) rows.push_back(std::move(row));
  return rows;
}

void draw_row(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const RowStyle& style, const Row& row,
              double top) {
  draw_row_label(svg, view, style, row, top);
  double timelines_top = top;
  if (!row.helper.is_none()) {
    const Box lane{scale.plot.x, top, scale.plot.width, style.lane};
    draw_lane(svg, view.instance(), scale, lane, bars_of(view, row.helper));
    timelines_top += style.lane + 1;
  }
  draw_packing(svg, view, scale, row.packing, timelines_top, style.timeline);
}

}  // namespace splitlane::report
