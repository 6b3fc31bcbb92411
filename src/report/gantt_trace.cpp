#include "report/gantt_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "report/gantt_compared.hpp"
#include "report/gantt_lane.hpp"
#include "report/gantt_shares.hpp"
#include "report/gantt_timeline.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// As for a plan alone: past this number bars would be drawn over each other.
constexpr std::size_t kMostTracedSegments = 6000;
constexpr double kPathLane = 16;
constexpr double kSectionGap = 12;

struct Sections {
  bool shows_bars = false;  ///< rather than shares
  double helpers = 0;
  bool shows_client = false;
  double height() const { return helpers + kSectionGap + (shows_client ? 4 : 2) * (kPathLane + 3); }
};

Sections sections_of(const TraceView& view) {
  const std::size_t helpers = view.instance().helper_count();
  const std::size_t segments = std::max(view.planned().segments().size(), view.actual().segments().size());
  Sections sections;
  sections.shows_client = !view.actual().last().client.is_none();
  sections.shows_bars = helpers <= kMostComparedHelpers && segments <= kMostTracedSegments;
  sections.helpers = sections.shows_bars ? compared_height(helpers) : shares_height(view.instance());
  return sections;
}

std::string numbers_of(const TraceView& view) {
  const Deviation& deviation = view.deviation();
  std::string numbers = fmt::format(
      "{}, {} \xC2\xB7 {}, rule {} \xC2\xB7 planned makespan {}, actual {} \xC2\xB7 {} of {} late",
      counted(view.instance().helper_count(), "helper"), counted(view.instance().client_count(), "client"),
      source_name(view.trace().source), execution_rule_name(view.trace().rule), view.number(view.planned().makespan()),
      view.number(view.actual().makespan()), deviation.late.size(), counted(deviation.judged, "task"));
  if (view.actual().most_batches() > 1) {
    numbers += fmt::format(" in the first of {} batches", view.actual().most_batches());
  }
  if (!deviation.incomplete.empty()) {
    numbers += fmt::format(" \xC2\xB7 {} not complete", counted(deviation.incomplete.size(), "client"));
  }
  return numbers;
}

bool runs_through(const std::vector<Step>& path, const TraceSegment& segment) {
  const auto at =
      std::partition_point(path.begin(), path.end(), [&](const Step& step) { return step.start < segment.start; });
  return at != path.end() && at->start == segment.start && at->client == segment.client && at->batch == segment.batch;
}

std::vector<LaneBar> compared_bars(const TraceView& view, HelperIndex helper, bool is_actual) {
  const Course& course = is_actual ? view.actual() : view.planned();
  const std::vector<Step>& path = is_actual ? view.actual_path() : view.planned_path();
  std::vector<LaneBar> bars;
  for (const TraceSegment& segment : course.lane(helper)) {
    LaneBar bar{segment.client, segment.task, segment.start, segment.end, runs_through(path, segment), {}};
    if (is_actual) bar.planned_end = view.missed_end(segment);
    bars.push_back(bar);
  }
  return bars;
}

std::vector<ComparedLanes> compared_helpers(const TraceView& view) {
  std::vector<ComparedLanes> helpers;
  for (const HelperIndex helper : view.instance().helpers()) {
    helpers.push_back({helper, view.plan().clients_of(helper).size(), compared_bars(view, helper, false),
                       compared_bars(view, helper, true), view.actual().lost_at(helper)});
  }
  return helpers;
}

void draw_path(SvgWriter& svg, const TraceView& view, const TimeScale& scale, bool is_actual, double top) {
  const std::vector<Step>& path = is_actual ? view.actual_path() : view.planned_path();
  const Box lane{scale.plot.x, top, scale.plot.width, kPathLane};
  svg.text(kLeftMargin - 10, lane.middle() + 4, R"(class="about")", is_actual ? "actual path" : "planned path");
  std::vector<LaneBar> bars;
  for (const Step& step : path) {
    if (step.kind != StepKind::kForward && step.kind != StepKind::kBackward) {
      const double x = scale.x(step.start);
      const std::string_view fill = step.kind == StepKind::kLost ? R"(class="lost")" : R"(fill="#c9ced6")";
      svg.rectangle({x, lane.y + 4, scale.width(step.start, step.end), lane.height - 8}, fill,
                    fmt::format("{} of {} {}\xE2\x80\x93{}", step_name(step.kind),
                                printable(view.instance().client_id(step.client)), scale.number(step.start),
                                scale.number(step.end)));
      continue;
    }
    const Task task = step.kind == StepKind::kForward ? Task::kForward : Task::kBackward;
    LaneBar bar{step.client, task, step.start, step.end, false, {}};
    if (is_actual) bar.planned_end = view.missed_end({step.client, step.batch, task, step.start, step.end});
    bars.push_back(bar);
  }
  draw_lane(svg, view.instance(), scale, {lane.x, lane.y, 0, lane.height}, bars);
}

void draw_client(SvgWriter& svg, const TraceView& view, const TimeScale& scale, bool is_actual, double top) {
  const Course& course = is_actual ? view.actual() : view.planned();
  const ClientIndex client = view.actual().last().client;
  Timeline timeline{client, course.way(client), 0, true, printable(view.instance().client_id(client), 16), {}};
  for (const BatchTimes& times : course.batches(client)) {
    timeline.completion = times.completion.value_or(timeline.completion);
  }
  timeline.tooltip = fmt::format("{} {}: completion {}", timeline.label, is_actual ? "actual" : "planned",
                                 scale.number(timeline.completion));
  const Box lane{scale.plot.x, top, scale.plot.width, kPathLane - 3};
  svg.text(kLeftMargin - 10, lane.middle() + 4, R"(class="about")",
           fmt::format("{} {}", printable(timeline.label, 10), is_actual ? "actual" : "planned"));
  draw_timeline(svg, scale, timeline, lane);
}

}  // namespace

std::string draw_trace(const TraceView& view) {
  const Sections sections = sections_of(view);
  TimeScale scale;
  scale.plot = {kLeftMargin, kHeaderHeight, kFigureWidth - kLeftMargin - kRightMargin, sections.height()};
  scale.span = std::max({Time{1}, view.planned().latest_instant(), view.actual().latest_instant()});
  scale.per_unit = view.scale();

  SvgWriter svg;
  const std::string title = figure_title(view.plan());
  draw_heading(svg, title, numbers_of(view));
  draw_legend(svg, sections.shows_bars ? FigureKind::kTraceBars : FigureKind::kTraceShares);
  draw_axis(svg, view.instance(), scale);
  double top = scale.plot.y + kSectionGap / 2;
  const std::vector<ComparedLanes> helpers = compared_helpers(view);
  if (sections.shows_bars) {
    draw_compared(svg, view.instance(), scale, scale, helpers, top);
  } else {
    draw_shares(svg, view.instance(), scale, scale, helpers, top);
  }
  top += sections.helpers + kSectionGap / 2;
  for (const bool is_actual : {false, true}) {
    draw_path(svg, view, scale, is_actual, top);
    top += kPathLane + 3;
  }
  for (const bool is_actual : {false, true}) {
    if (!sections.shows_client) break;
    draw_client(svg, view, scale, is_actual, top);
    top += kPathLane + 3;
  }
  draw_makespans(svg, scale, view.planned().makespan(), view.actual().makespan());
  return svg.document(kFigureWidth, scale.plot.bottom() + kAxisHeight, title, gantt_definitions());
}

}  // namespace splitlane::report
