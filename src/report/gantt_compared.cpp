#include "report/gantt_compared.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/text.hpp"

namespace splitlane::report {

namespace {

constexpr double kSpaceBetweenHelpers = 8;
constexpr std::string_view kActualColour = "#b3002d";
constexpr std::string_view kPlannedColour = "#1f4fa3";

}  // namespace

double compared_lane(std::size_t helpers) { return helpers <= 8 ? 24 : helpers <= 14 ? 18 : helpers <= 28 ? 13 : 9; }

double compared_height(std::size_t helpers) {
  return static_cast<double>(helpers) * (2 * compared_lane(helpers) + kSpaceBetweenHelpers);
}

void draw_compared(SvgWriter& svg, const Instance& instance, const TimeScale& planned_scale, const TimeScale& scale,
                   std::span<const ComparedLanes> helpers, double top) {
  const double height = compared_lane(helpers.size());
  for (const ComparedLanes& lanes : helpers) {
    const Box planned{scale.plot.x, top, scale.plot.width, height};
    const Box actual{scale.plot.x, planned.bottom() + 1, scale.plot.width, height};
    draw_lane(svg, instance, planned_scale, planned, lanes.planned);
    draw_lane(svg, instance, scale, actual, lanes.actual);
    if (lanes.lost_at) {
      const double x = scale.x(std::min(*lanes.lost_at, scale.span));
      svg.rectangle({x, actual.y, actual.right() - x, actual.height}, R"(class="lost")",
                    fmt::format("lost at {}", scale.number(*lanes.lost_at)));
    }
    const double x = kLeftMargin - 10;
    svg.text(x, planned.middle() + 4, R"(class="helper")", printable(instance.helper_id(lanes.helper), 10));
    if (height >= 11) svg.text(x, actual.middle() + 4, R"(class="about")", "actual");
    top = actual.bottom() + kSpaceBetweenHelpers - 1;
  }
}

void draw_makespans(SvgWriter& svg, const TimeScale& scale, std::optional<Time> planned, Time actual) {
  draw_limit(svg, scale,
             {actual, 0, kActualColour, R"(id="actual" stroke="#b3002d" stroke-width="1.8")",
              "actual makespan " + scale.number(actual)});
  if (!planned) return;
  draw_limit(svg, scale,
             {*planned, 1, kPlannedColour, R"(id="planned" stroke="#1f4fa3" stroke-width="1.5" stroke-dasharray="6 4")",
              "planned makespan " + scale.number(*planned)});
}

}  // namespace splitlane::report
