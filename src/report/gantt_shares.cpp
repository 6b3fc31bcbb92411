#include "report/gantt_shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "report/text.hpp"

namespace splitlane::report {

namespace {

constexpr double kCellWidth = 2;
constexpr int kShades = 8;
constexpr double kGroupsHeight = 960;
constexpr double kSpace = 5;

struct Groups {
  std::size_t count;
  std::size_t helpers_each;
  double strip_height;
  double pitch() const { return 3 * strip_height + kSpace; }
};

Groups groups_of(const Instance& instance) {
  const std::size_t helpers = instance.helper_count();
  const std::size_t each = (helpers + kMostGroups - 1) / kMostGroups;
  const std::size_t count = (helpers + each - 1) / each;
  const double strip = std::clamp((kGroupsHeight / static_cast<double>(count) - kSpace) / 3, 5.0, 16.0);
  return {count, each, strip};
}

// How many intervals cover each cell of the time axis on average. Adding one costs O(1) however long it is: the
// two end cells get their parts, and a difference array holds the cells in between.
class Coverage {
 public:
  Coverage(std::size_t cells, Time span) : part_(cells + 1, 0.0), change_(cells + 2, 0), span_(span) {}

  void add(Time start, Time end) {
    const std::size_t cells = part_.size() - 1;
    const double from = position(start);
    const double to = position(end);
    const std::size_t first = std::min(static_cast<std::size_t>(from), cells);
    const std::size_t last = std::min(static_cast<std::size_t>(to), cells);
    if (first == last) {
      part_[first] += to - from;
      return;
    }
    part_[first] += static_cast<double>(first + 1) - from;
    part_[last] += to - static_cast<double>(last);
    ++change_[first + 1];
    --change_[last];
  }

  // Shade 0 to kShades of each cell; the faintest is kept for whatever is not nothing.
  std::vector<int> shades(std::size_t whole) const {
    std::vector<int> result(part_.size() - 1);
    std::int64_t covering = 0;
    for (std::size_t cell = 0; cell < result.size(); ++cell) {
      covering += change_[cell];
      const double share =
          (part_[cell] + static_cast<double>(covering)) / static_cast<double>(std::max<std::size_t>(whole, 1));
      result[cell] = share < 1e-9 ? 0 : std::clamp(static_cast<int>(std::ceil(share * kShades - 1e-9)), 1, kShades);
    }
    return result;
  }

 private:
  double position(Time time) const {
    return static_cast<double>(part_.size() - 1) * static_cast<double>(std::clamp<Time>(time, 0, span_)) /
           static_cast<double>(span_);
  }

  std::vector<double> part_;
  std::vector<std::int64_t> change_;
  Time span_;
};

void draw_strip(SvgWriter& svg, const std::vector<int>& shades, std::string_view fill, const Box& box) {
  std::array<std::string, kShades + 1> commands;
  const double cell = box.width / static_cast<double>(shades.size());
  for (std::size_t first = 0; first < shades.size();) {
    std::size_t last = first;
    while (last < shades.size() && shades[last] == shades[first]) ++last;
    if (shades[first] > 0) {
      const std::string width = coordinate(cell * static_cast<double>(last - first));
      commands[static_cast<std::size_t>(shades[first])] +=
          fmt::format("M{} {}h{}v{}h-{}z", coordinate(box.x + cell * static_cast<double>(first)), coordinate(box.y),
                      width, coordinate(box.height), width);
    }
    first = last;
  }
  for (int shade = 1; shade <= kShades; ++shade) {
    svg.path(commands[static_cast<std::size_t>(shade)],
             fmt::format(R"(fill="{}" fill-opacity="{}")", fill, static_cast<double>(shade) / kShades));
  }
}

struct Group {
  std::size_t first;
  std::size_t last;  ///< one past
  std::size_t clients = 0;
};

std::string group_label(const Instance& instance, const Group& group) {
  std::string label = printable(instance.helper_id(HelperIndex(group.first)), 9);
  if (group.last - group.first > 1) {
    label += "\xE2\x80\x93" + printable(instance.helper_id(HelperIndex(group.last - 1)), 9);
  }
  return label;
}

/// One strip of a group: what covers time, of how many at most, and its colour.
struct Strip {
  Coverage coverage;
  std::string_view fill;
  std::size_t whole = 0;
};

Strip strip_of(const TimeScale& scale, std::string_view fill, std::size_t whole) {
  return {Coverage(static_cast<std::size_t>(scale.plot.width / kCellWidth), scale.span), fill, whole};
}

void draw_group(SvgWriter& svg, const Instance& instance, const Group& group, const std::array<Strip, 3>& strips,
                Box box) {
  const double x = kLeftMargin - 10;
  svg.rectangle({box.x, box.y, box.width, 3 * box.height}, R"(class="lane")");
  svg.text(x, box.y + 10, R"(class="helper" style="font-size:11px")", group_label(instance, group));
  if (3 * box.height >= 22) svg.text(x, box.y + 21, R"(class="about")", counted(group.clients, "client"));
  for (const Strip& strip : strips) {
    draw_strip(svg, strip.coverage.shades(strip.whole), strip.fill, box);
    box.y += box.height;
  }
}

std::array<Strip, 3> plan_strips(const PlanView& view, const TimeScale& scale, const Group& group) {
  const std::size_t helpers = group.last - group.first;
  std::array<Strip, 3> strips = {strip_of(scale, kForwardShare, helpers), strip_of(scale, kBackwardShare, helpers),
                                 strip_of(scale, kWaitingShare, group.clients)};
  for (std::size_t index = group.first; index < group.last; ++index) {
    const HelperIndex helper(index);
    for (const Segment& segment : view.lane(helper)) {
      strips.at(segment.task == Task::kForward ? 0 : 1).coverage.add(segment.start, segment.end);
    }
    for (const ClientIndex client : view.clients_of(helper)) {
      for (const Step& step : view.steps(client)) {
        if (step.kind == StepKind::kWaiting) strips[2].coverage.add(step.start, step.end);
      }
    }
  }
  return strips;
}

std::array<Strip, 3> trace_strips(const TimeScale& planned_scale, const TimeScale& scale,
                                  std::span<const ComparedLanes> helpers) {
  std::array<Strip, 3> strips = {strip_of(planned_scale, kPlannedShare, helpers.size()),
                                 strip_of(scale, kForwardShare, helpers.size()),
                                 strip_of(scale, kLateShare, helpers.size())};
  for (const ComparedLanes& lanes : helpers) {
    for (const LaneBar& bar : lanes.planned) strips[0].coverage.add(bar.start, bar.end);
    for (const LaneBar& bar : lanes.actual) {
      strips[1].coverage.add(bar.start, bar.end);
      if (bar.planned_end) strips[2].coverage.add(std::max(bar.start, *bar.planned_end), bar.end);
    }
  }
  return strips;
}

template <class StripsOf, class ClientsOf>
void draw_groups(SvgWriter& svg, const Instance& instance, const TimeScale& scale, double top,
                 const StripsOf& strips_of, const ClientsOf& clients_of) {
  const Groups groups = groups_of(instance);
  for (std::size_t index = 0; index < groups.count; ++index) {
    Group group{index * groups.helpers_each, 0, 0};
    group.last = std::min(group.first + groups.helpers_each, instance.helper_count());
    for (std::size_t helper = group.first; helper < group.last; ++helper) group.clients += clients_of(helper);
    draw_group(
        svg, instance, group, strips_of(group),
        {scale.plot.x, top + groups.pitch() * static_cast<double>(index), scale.plot.width, groups.strip_height});
  }
}

}  // namespace

double shares_height(const Instance& instance) {
  const Groups groups = groups_of(instance);
  return groups.pitch() * static_cast<double>(groups.count);
}

void draw_shares(SvgWriter& svg, const PlanView& view, const TimeScale& scale, double top) {
  draw_groups(
      svg, view.instance(), scale, top, [&](const Group& group) { return plan_strips(view, scale, group); },
      [&](std::size_t helper) { return view.clients_of(HelperIndex(helper)).size(); });
}

void draw_shares(SvgWriter& svg, const Instance& instance, const TimeScale& planned_scale, const TimeScale& scale,
                 std::span<const ComparedLanes> helpers, double top) {
  draw_groups(
      svg, instance, scale, top,
      [&](const Group& group) {
        return trace_strips(planned_scale, scale, helpers.subspan(group.first, group.last - group.first));
      },
      [&](std::size_t helper) { return helpers[helper].clients; });
}

}  // namespace splitlane::report
