#include "report/gantt_round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/gantt_compared.hpp"
#include "report/gantt_shares.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// Bars of both lanes together that keep a page below 300 kB.
constexpr std::size_t kMostRoundBars = 1000;
constexpr double kRoundSpace = 12;

std::vector<ComparedLanes> round_lanes(const RoundView& view, bool is_timed) {
  std::vector<ComparedLanes> result;
  for (const HelperIndex helper : view.instance().helpers()) {
    ComparedLanes lanes{helper, 0, {}, {}, {}};
    for (const TraceSegment& segment : view.planned(helper)) {
      lanes.planned.push_back({segment.client, segment.task, segment.start, segment.end, false, {}, segment.batch});
    }
    for (const TraceSegment& segment : view.trace().lanes[helper.value()]) {
      LaneBar bar{segment.client, segment.task, segment.start, segment.end, false, {}, segment.batch};
      const std::optional<Time> due = is_timed ? view.due(segment.client, segment.batch, segment.task) : std::nullopt;
      if (due && is_late(*due, segment.end)) bar.planned_end = due;
      lanes.actual.push_back(bar);
    }
    result.push_back(std::move(lanes));
  }
  for (const ClientTrace& client : view.trace().clients) {
    if (!client.helper.is_none()) ++result[client.helper.value()].clients;
  }
  return result;
}

std::size_t bar_count(const std::vector<ComparedLanes>& helpers) {
  std::size_t count = 0;
  for (const ComparedLanes& lanes : helpers) count += lanes.planned.size() + lanes.actual.size();
  return count;
}

}  // namespace

RoundFigure draw_round(const RoundView& view, std::optional<Time> planned, const std::string& title) {
  const Instance& instance = view.instance();
  const std::vector<ComparedLanes> helpers = round_lanes(view, planned.has_value());
  RoundFigure figure;
  figure.shows_bars = helpers.size() <= kMostComparedHelpers && bar_count(helpers) <= kMostRoundBars;

  const Time makespan = view.trace().makespan();
  TimeScale scale;
  const double height = figure.shows_bars ? compared_height(helpers.size()) : shares_height(instance);
  scale.plot = {kLeftMargin, kHeaderHeight, kFigureWidth - kLeftMargin - kRightMargin, height + kRoundSpace};
  scale.per_unit = view.scale();
  scale.span = std::max<Time>(1, makespan);
  TimeScale planned_scale = scale;
  planned_scale.span = std::max<Time>(1, view.planned_end());
  if (planned) {
    scale.span = std::max({scale.span, *planned, view.planned_end()});
    planned_scale.span = scale.span;
  }

  SvgWriter svg;
  draw_heading(svg, title,
               fmt::format("{}, {} \xC2\xB7 {}, rule {}", counted(instance.helper_count(), "helper"),
                           counted(instance.client_count(), "client"), trace_source_name(view.trace().source),
                           execution_rule_name(view.trace().rule)));
  draw_legend(svg, figure.shows_bars ? FigureKind::kTraceLanes : FigureKind::kTraceShares);
  draw_axis(svg, instance, scale);
  const double top = scale.plot.y + kRoundSpace / 2;
  if (figure.shows_bars) {
    draw_compared(svg, instance, planned_scale, scale, helpers, top);
  } else {
    draw_shares(svg, instance, planned_scale, scale, helpers, top);
  }
  draw_makespans(svg, scale, planned, makespan);
  figure.svg = svg.element(kFigureWidth, scale.plot.bottom() + kAxisHeight, title, gantt_definitions());
  return figure;
}

}  // namespace splitlane::report
