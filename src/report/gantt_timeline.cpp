#include "report/gantt_timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "report/colour.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

// Below this height a lane has no room for the id of its client.
constexpr double kSmallestLabelledLane = 6.0;
constexpr double kLargestLabel = 9.0;
constexpr std::size_t kLongestTimelineLabel = 16;
constexpr double kSmallestBar = 0.8;
constexpr double kSpaceBetween = 6.0;

double label_size(double lane_height) { return std::min(kLargestLabel, lane_height + 0.5); }

std::string label_of(const PlanView& view, ClientIndex client) {
  return printable(view.instance().client_id(client), kLongestTimelineLabel);
}

// The first instant at which the client concerns another node: its release, or 0 when it trains by itself.
Time start_of(const PlanView& view, ClientIndex client) {
  return view.is_local(client) ? 0 : view.instance().release(view.choice(client));
}

struct Interval {
  ClientIndex client;
  Time start;
  Time first_segment;
  Time end;
};

std::vector<Interval> intervals_by_start(const PlanView& view, std::span<const ClientIndex> clients) {
  std::vector<Interval> intervals;
  intervals.reserve(clients.size());
  for (const ClientIndex client : clients) {
    const std::span<const Segment> segments = view.segments_of(client);
    const Time start = start_of(view, client);
    intervals.push_back(
        {client, start, segments.empty() ? start : segments.front().start, view.times(client).completion});
  }
  std::sort(intervals.begin(), intervals.end(), [](const Interval& left, const Interval& right) {
    return std::tie(left.start, left.first_segment, left.client) <
           std::tie(right.start, right.first_segment, right.client);
  });
  return intervals;
}

Packing pack_latest(std::vector<Interval> intervals, std::size_t most_lanes) {
  Packing packing;
  const std::size_t shown = std::min(most_lanes, intervals.size());
  std::stable_sort(intervals.begin(), intervals.end(),
                   [](const Interval& left, const Interval& right) { return left.end > right.end; });
  packing.hidden_count = intervals.size() - shown;
  intervals.resize(shown);
  std::sort(intervals.begin(), intervals.end(), [](const Interval& left, const Interval& right) {
    return std::tie(left.first_segment, left.client) < std::tie(right.first_segment, right.client);
  });
  for (const Interval& interval : intervals) packing.places.push_back({interval.client, packing.lane_count++});
  return packing;
}

// The parts of a timeline, each collected into the commands of one path.
struct Strokes {
  std::string dotted;
  std::string solid;
  std::string waiting;
  std::string forward;
  std::string backward;
};

void append_line(std::string& commands, double from, double to, double y) {
  commands += fmt::format("M{} {}H{}", coordinate(from), coordinate(y), coordinate(to));
}

void append_box(std::string& commands, const Box& box) {
  commands += fmt::format("M{} {}h{}v{}h-{}z", coordinate(box.x), coordinate(box.y), coordinate(box.width),
                          coordinate(box.height), coordinate(box.width));
}

void append_step(Strokes& strokes, const Step& step, const TimeScale& scale, const Box& lane) {
  const double x = scale.x(step.start);
  const double width = std::max(kSmallestBar, scale.width(step.start, step.end));
  const double bar_margin = std::min(1.0, lane.height / 8);
  const Box bar{x, lane.y + bar_margin, width, lane.height - 2 * bar_margin};
  switch (step.kind) {
    case StepKind::kRelease:
      append_line(strokes.dotted, x, x + width, lane.middle());
      strokes.solid += fmt::format("M{} {}V{}", coordinate(x + width), coordinate(bar.y), coordinate(bar.bottom()));
      break;
    case StepKind::kWaiting:
    case StepKind::kSwitch:
    case StepKind::kIdle:
    case StepKind::kLost:
      append_box(strokes.waiting, {x, lane.y + lane.height * 0.22, width, lane.height * 0.56});
      break;
    case StepKind::kForward:
    case StepKind::kLocal: append_box(strokes.forward, bar); break;
    case StepKind::kBackward: append_box(strokes.backward, bar); break;
    case StepKind::kTurnaround:
    case StepKind::kTail: append_line(strokes.solid, x, x + width, lane.middle()); break;
  }
}

}  // namespace

Packing pack_clients(const PlanView& view, const TimeScale& scale, std::span<const ClientIndex> clients,
                     std::size_t most_lanes) {
  std::vector<Interval> intervals = intervals_by_start(view, clients);
  Packing packing;
  std::vector<double> lane_end;
  for (const Interval& interval : intervals) {
    const double start = scale.x(interval.start);
    const double end = scale.x(interval.end) + text_width(label_of(view, interval.client), kLargestLabel);
    auto lane = std::find_if(lane_end.begin(), lane_end.end(),
                             [&](double occupied) { return occupied + kSpaceBetween < start; });
    if (lane == lane_end.end()) {
      if (lane_end.size() == most_lanes) return pack_latest(std::move(intervals), most_lanes);
      lane = lane_end.insert(lane_end.end(), -std::numeric_limits<double>::infinity());
    }
    *lane = end;
    packing.places.push_back({interval.client, static_cast<std::size_t>(lane - lane_end.begin())});
  }
  packing.lane_count = lane_end.size();
  return packing;
}

std::string timeline_tooltip(const PlanView& view, ClientIndex client) {
  const Instance& instance = view.instance();
  const HelperIndex helper = view.helper(client);
  std::string tooltip = printable(instance.client_id(client));
  if (helper.is_none()) {
    return tooltip + fmt::format(" trains locally: completion {}", view.times(client).completion);
  }
  tooltip +=
      fmt::format(" on {}: release {}", printable(instance.helper_id(helper)), instance.release(view.choice(client)));
  Time waited = 0;
  for (const Step& step : view.steps(client)) {
    if (step.kind == StepKind::kWaiting) waited += step.length();
  }
  const ServiceTimes& times = view.times(client);
  return tooltip + fmt::format(", forward ends {}, backward ready {} and ends {}, completion {}, waited {}",
                               times.forward_end, times.backward_ready, times.backward_end, times.completion, waited);
}

Timeline timeline_of(const PlanView& view, ClientIndex client) {
  return {client,
          view.steps(client),
          view.times(client).completion,
          client == view.critical(),
          label_of(view, client),
          timeline_tooltip(view, client)};
}

void draw_timeline(SvgWriter& svg, const TimeScale& scale, const Timeline& timeline, const Box& lane) {
  const ClientColour colour = client_colour(timeline.client.value());
  const bool is_critical = timeline.is_critical;
  Strokes strokes;
  for (const Step& step : timeline.steps) {
    // Later clients of a lane have a predecessor where their dotted line would be.
    if (step.kind == StepKind::kRelease && lane.x > scale.plot.x) continue;
    append_step(strokes, step, scale, lane);
  }
  svg.open_group(R"(class="timeline")", timeline.tooltip);
  const std::string thin =
      fmt::format(R"(fill="none" stroke="{}" stroke-width="{}")", colour.backward, is_critical ? "2" : "1.2");
  svg.path(strokes.dotted, thin + R"( stroke-dasharray="1.2 2.4")");
  svg.path(strokes.solid, thin);
  svg.path(strokes.waiting, R"svg(fill="url(#waiting)")svg");
  const std::string_view outline = is_critical ? R"(stroke="#000000" stroke-width="1.3")" : R"(stroke="none")";
  svg.path(strokes.forward, fmt::format(R"(fill="{}" {})", colour.forward, outline));
  svg.path(strokes.backward, fmt::format(R"(fill="{}" {})", colour.backward, outline));
  const double end = scale.x(timeline.completion);
  svg.circle(end, lane.middle(), std::min(2.4, lane.height / 3),
             fmt::format(R"(fill="{}")", is_critical ? "#000000" : colour.backward));
  if (lane.height >= kSmallestLabelledLane || is_critical) {
    const double size = label_size(std::max(lane.height, kSmallestLabelledLane));
    svg.text(end + 4, lane.middle() + 0.36 * size,
             fmt::format(R"(font-size="{}"{})", coordinate(size), is_critical ? R"( font-weight="bold")" : ""),
             timeline.label);
  }
  svg.close_group();
}

void draw_packing(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const Packing& packing, double top,
                  double height) {
  std::vector<bool> is_taken(packing.lane_count, false);
  for (const Packing::Place& place : packing.places) {
    Box lane{scale.plot.x, top + height * static_cast<double>(place.lane), scale.plot.width, height};
    if (is_taken[place.lane]) lane.x = scale.x(start_of(view, place.client)) + 1;
    is_taken[place.lane] = true;
    draw_timeline(svg, scale, timeline_of(view, place.client), lane);
  }
}

}  // namespace splitlane::report
