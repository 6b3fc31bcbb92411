#include "report/gantt_shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
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

void draw_group(SvgWriter& svg, const PlanView& view, const TimeScale& scale, Group group, const Box& strip) {
  const auto cells = static_cast<std::size_t>(scale.plot.width / kCellWidth);
  Coverage forward(cells, scale.span);
  Coverage backward(cells, scale.span);
  Coverage waiting(cells, scale.span);
  for (std::size_t index = group.first; index < group.last; ++index) {
    const HelperIndex helper(index);
    for (const Segment& segment : view.lane(helper)) {
      (segment.task == Task::kForward ? forward : backward).add(segment.start, segment.end);
    }
    for (const ClientIndex client : view.clients_of(helper)) {
      ++group.clients;
      for (const Phase& phase : view.phases(client)) {
        if (phase.kind == PhaseKind::kWaiting) waiting.add(phase.start, phase.end);
      }
    }
  }
  const std::size_t helpers = group.last - group.first;
  const Box backward_strip{strip.x, strip.bottom(), strip.width, strip.height};
  const Box waiting_strip{strip.x, backward_strip.bottom(), strip.width, strip.height};
  svg.rectangle({strip.x, strip.y, strip.width, 3 * strip.height}, R"(class="lane")");
  draw_strip(svg, forward.shades(helpers), kForwardShare, strip);
  draw_strip(svg, backward.shades(helpers), kBackwardShare, backward_strip);
  draw_strip(svg, waiting.shades(group.clients), kWaitingShare, waiting_strip);
  const double x = kLeftMargin - 10;
  svg.text(x, strip.y + 10, R"(class="helper" style="font-size:11px")", group_label(view.instance(), group));
  if (3 * strip.height >= 22) svg.text(x, strip.y + 21, R"(class="about")", counted(group.clients, "client"));
}

}  // namespace

double shares_height(const Instance& instance) {
  const Groups groups = groups_of(instance);
  return groups.pitch() * static_cast<double>(groups.count);
}

void draw_shares(SvgWriter& svg, const PlanView& view, const TimeScale& scale, double top) {
  const Groups groups = groups_of(view.instance());
  for (std::size_t index = 0; index < groups.count; ++index) {
    const std::size_t first = index * groups.helpers_each;
    const std::size_t last = std::min(first + groups.helpers_each, view.instance().helper_count());
    draw_group(
        svg, view, scale, {first, last},
        {scale.plot.x, top + groups.pitch() * static_cast<double>(index), scale.plot.width, groups.strip_height});
  }
}

}  // namespace splitlane::report
