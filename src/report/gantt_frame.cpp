#include "report/gantt_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "report/colour.hpp"
#include "report/text.hpp"

namespace splitlane::report {

namespace {

constexpr double kTitleY = 30;
constexpr double kNumbersY = 51;
constexpr double kLegendY = 76;
constexpr double kFirstLabelY = 105;
constexpr double kLabelLine = 15;
constexpr std::size_t kLongestTitle = 90;
constexpr int kLegendShades = 4;
constexpr int kMostTicks = 14;
constexpr double kTickFont = 11;
constexpr double kSpaceBetweenTicks = 24;

constexpr std::string_view kDefinitions = R"svg(<defs>
<pattern id="backward" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="1.6" height="5" fill="#ffffff" fill-opacity="0.34"/></pattern>
<pattern id="waiting" width="3.2" height="3.2" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
<rect width="3.2" height="3.2" fill="#f3f3f3"/><rect width="1.1" height="3.2" fill="#8a8a8a"/></pattern>
</defs>
<style>
text { font-family: Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif; fill: #1a1a1a; }
.title { font-size: 17px; font-weight: bold; }
.numbers { font-size: 12.5px; fill: #444444; }
.legend { font-size: 11px; fill: #333333; }
.tick { font-size: 11px; fill: #333333; text-anchor: middle; }
.real { font-size: 10px; fill: #777777; text-anchor: middle; }
.grid { stroke: #e4e4e4; stroke-width: 1; }
.axis { stroke: #333333; stroke-width: 1; }
.helper { font-size: 12.5px; font-weight: bold; text-anchor: end; }
.about { font-size: 10px; fill: #666666; text-anchor: end; }
.lane { fill: #f4f4f2; }
.bar { stroke: #ffffff; stroke-width: 0.6; }
.merged { stroke: none; }
.critical { stroke: #000000; stroke-width: 2; }
.late { fill: #e0001b; }
.lost { fill: #e0001b; fill-opacity: 0.14; }
.dark { fill: #ffffff; font-weight: bold; }
.limit { font-size: 11.5px; font-weight: bold; }
</style>
)svg";

class Legend {
 public:
  explicit Legend(SvgWriter& svg) : svg_(svg) {}

  Box next_sample(double width) { return {x_, kLegendY - 10, width, 12}; }

  void label(double sample_width, std::string_view text) {
    x_ += sample_width + 5;
    svg_.text(x_, kLegendY, R"(class="legend")", text);
    x_ += text_width(text, 11) + 14;
  }

 private:
  SvgWriter& svg_;
  double x_ = kLeftMargin;
};

void legend_of_tasks(SvgWriter& svg, Legend& legend) {
  const ClientColour colour = client_colour(0);
  Box box = legend.next_sample(22);
  svg.rectangle(box, fmt::format(R"(fill="{}")", colour.forward));
  svg.text(box.x + 7.5, kLegendY - 1, R"(font-size="9.5")", "F");
  legend.label(box.width, "forward");
  box = legend.next_sample(22);
  svg.rectangle(box, fmt::format(R"(fill="{}")", colour.backward));
  svg.rectangle(box, R"svg(fill="url(#backward)")svg");
  svg.text(box.x + 7.5, kLegendY - 1, R"(font-size="9.5" class="dark")", "B");
  legend.label(box.width, "backward");
}

void legend_of_bars(SvgWriter& svg, Legend& legend) {
  legend_of_tasks(svg, legend);
  const ClientColour colour = client_colour(0);
  const std::string stroke = fmt::format(R"(stroke="{}" stroke-width="1.6")", colour.backward);
  Box box = legend.next_sample(26);
  svg.line(box.x, box.middle(), box.right(), box.middle(), stroke + R"( stroke-dasharray="1.5 2.5")");
  svg.line(box.right(), box.y + 2, box.right(), box.bottom() - 2, stroke);
  legend.label(box.width, "release");
  box = legend.next_sample(24);
  svg.rectangle({box.x, box.y + 2, box.width, box.height - 4}, R"svg(fill="url(#waiting)")svg");
  legend.label(box.width, "waiting");
  box = legend.next_sample(24);
  svg.line(box.x, box.middle(), box.right(), box.middle(), stroke);
  legend.label(box.width, "turnaround");
  box = legend.next_sample(24);
  svg.line(box.x, box.middle(), box.right(), box.middle(), stroke);
  svg.circle(box.right(), box.middle(), 2.4, fmt::format(R"(fill="{}")", colour.backward));
  legend.label(box.width, "tail, completion");
  box = legend.next_sample(22);
  svg.rectangle(box, fmt::format(R"(fill="{}" class="critical")", colour.forward));
  legend.label(box.width, "critical client");
}

void legend_of_lanes(SvgWriter& svg, Legend& legend) {
  legend_of_tasks(svg, legend);
  const Box box = legend.next_sample(22);
  svg.rectangle(box, fmt::format(R"(fill="{}")", client_colour(0).forward));
  svg.rectangle({box.x + 10, box.y, 12, 3}, R"(class="late")");
  legend.label(box.width, "past its planned end");
}

void legend_of_trace(SvgWriter& svg, Legend& legend) {
  legend_of_lanes(svg, legend);
  Box box = legend.next_sample(22);
  svg.rectangle(box, fmt::format(R"(fill="{}" class="critical")", client_colour(0).forward));
  legend.label(box.width, "critical path");
  box = legend.next_sample(22);
  svg.rectangle(box, R"(class="lost")");
  legend.label(box.width, "helper lost");
}

void legend_of_shares(SvgWriter& svg, Legend& legend,
                      std::initializer_list<std::pair<std::string_view, std::string_view>> strips) {
  for (const auto& [fill, label] : strips) {
    const Box box = legend.next_sample(40);
    for (int shade = 1; shade <= kLegendShades; ++shade) {
      svg.rectangle({box.x + 10.0 * (shade - 1), box.y, 10, box.height},
                    fmt::format(R"(fill="{}" fill-opacity="{}")", fill, 1.0 * shade / kLegendShades));
    }
    legend.label(box.width, label);
  }
}

std::string axis_title(const Instance& instance) {
  if (instance.time_unit() != TimeUnit::kSlot) return fmt::format("time ({})", unit_name(instance));
  if (!instance.slot_us()) return "time (slots)";
  return fmt::format("time (slots of {})", real_time(static_cast<double>(*instance.slot_us())));
}

}  // namespace

std::string TimeScale::number(Time time) const { return decimal(units(time)); }

Time tick_step(Time span, int wanted) {
  const Time smallest = std::max<Time>(1, span / wanted);
  Time power = 1;
  while (power <= smallest / 10) power *= 10;
  for (const Time factor : {1, 2, 5}) {
    if (factor * power >= smallest) return factor * power;
  }
  return 10 * power;
}

double text_width(std::string_view text, double font_size) {
  return 0.62 * font_size * static_cast<double>(character_count(text));
}

std::string_view gantt_definitions() { return kDefinitions; }

std::string figure_title(const PlanView& view) {
  const std::string name = printable(view.instance().name(), kLongestTitle);
  const std::string method = printable(view.plan().origin.method);
  return fmt::format("{}{}{}", name.empty() ? "plan" : name, method.empty() ? "" : " \xC2\xB7 ", method);
}

void draw_heading(SvgWriter& svg, std::string_view title, std::string_view numbers) {
  svg.text(kLeftMargin, kTitleY, R"(class="title")", title);
  svg.text(kLeftMargin, kNumbersY, R"(class="numbers")", numbers);
}

void draw_heading(SvgWriter& svg, const PlanView& view) {
  const Instance& instance = view.instance();
  const Plan& plan = view.plan();
  std::string numbers =
      fmt::format("{}, {} \xC2\xB7 makespan {} \xC2\xB7 lower bound {} \xC2\xB7 {}",
                  counted(instance.helper_count(), "helper"), counted(instance.client_count(), "client"),
                  time_text(instance, plan.schedule.makespan), time_text(instance, plan.proof.lower_bound),
                  plan.proof.status == PlanStatus::kOptimal ? std::string("optimal") : gap_text(plan));
  const ClientIndex critical = view.critical();
  if (!critical.is_none()) {
    const HelperIndex helper = view.helper(critical);
    numbers += fmt::format(" \xC2\xB7 critical client {} {}", printable(instance.client_id(critical), 24),
                           helper.is_none() ? "(local)" : "on " + printable(instance.helper_id(helper), 24));
  }
  if (view.unplanned_count() > 0) {
    numbers += fmt::format(" \xC2\xB7 {} without a valid option", counted(view.unplanned_count(), "client"));
  }
  draw_heading(svg, figure_title(view), numbers);
}

void draw_legend(SvgWriter& svg, FigureKind kind) {
  Legend legend(svg);
  switch (kind) {
    case FigureKind::kBars: legend_of_bars(svg, legend); break;
    case FigureKind::kShares:
      legend_of_shares(svg, legend,
                       {{kForwardShare, "share of helpers in forward"},
                        {kBackwardShare, "in backward"},
                        {kWaitingShare, "share of clients waiting"}});
      break;
    case FigureKind::kTraceBars: legend_of_trace(svg, legend); break;
    case FigureKind::kTraceLanes: legend_of_lanes(svg, legend); break;
    case FigureKind::kTraceShares:
      legend_of_shares(svg, legend,
                       {{kPlannedShare, "share of helpers busy as planned"},
                        {kForwardShare, "actually busy"},
                        {kLateShare, "past the planned end of what runs"}});
      break;
  }
}

void draw_axis(SvgWriter& svg, const Instance& instance, const TimeScale& scale) {
  const double bottom = scale.plot.bottom();
  const bool shows_real = instance.time_unit() == TimeUnit::kSlot && instance.slot_us();
  const auto span = static_cast<Time>(scale.units(scale.span));
  const double label_width = text_width(fmt::format("{}", span), kTickFont) + kSpaceBetweenTicks;
  const Time step = tick_step(span, std::clamp(static_cast<int>(scale.plot.width / label_width), 2, kMostTicks));
  for (Time tick = 0; tick <= span; tick += step) {
    const double x = scale.plot.x + scale.plot.width * static_cast<double>(tick) / scale.units(scale.span);
    svg.line(x, scale.plot.y, x, bottom, R"(class="grid")");
    svg.line(x, bottom, x, bottom + 5, R"(class="axis")");
    svg.text(x, bottom + 18, R"(class="tick")", fmt::format("{}", tick));
    if (shows_real && tick > 0) {
      const double real = static_cast<double>(tick) * static_cast<double>(*instance.slot_us());
      svg.text(x, bottom + 31, R"(class="real")", real_time(real));
    }
  }
  svg.line(scale.plot.x, bottom, scale.plot.right(), bottom, R"(class="axis")");
  svg.text(scale.plot.x + scale.plot.width / 2, bottom + (shows_real ? 50 : 40), R"(class="tick")",
           axis_title(instance));
}

void draw_limit(SvgWriter& svg, const TimeScale& scale, const Limit& limit) {
  const double x = scale.x(std::clamp<Time>(limit.time, 0, scale.span));
  const double label_y = kFirstLabelY + kLabelLine * limit.line;
  svg.line(x, label_y - 9, x, scale.plot.bottom() + 4, limit.stroke);
  // The label stands left of its line; near the left edge right of it.
  const bool fits_left = x - text_width(limit.label, 11.5) > scale.plot.x;
  svg.text(fits_left ? x - 4 : x + 4, label_y,
           fmt::format(R"(class="limit" style="fill:{};text-anchor:{}")", limit.colour, fits_left ? "end" : "start"),
           limit.label);
}

void draw_limits(SvgWriter& svg, const PlanView& view, const TimeScale& scale) {
  const Plan& plan = view.plan();
  draw_limit(svg, scale,
             {plan.schedule.makespan, 0, "#b3002d", R"(id="makespan" stroke="#b3002d" stroke-width="1.8")",
              fmt::format("makespan {}", plan.schedule.makespan)});
  // White below the dashes keeps both lines visible where they coincide.
  const double x = scale.x(std::clamp<Time>(plan.proof.lower_bound, 0, scale.span));
  if (plan.proof.lower_bound == plan.schedule.makespan) {
    const double top = kFirstLabelY + kLabelLine - 9;
    svg.line(x, top, x, scale.plot.bottom() + 4, R"(stroke="#ffffff" stroke-width="0.8")");
  }
  draw_limit(svg, scale,
             {plan.proof.lower_bound, 1, "#1f4fa3",
              R"(id="lower-bound" stroke="#1f4fa3" stroke-width="1.5" stroke-dasharray="6 4")",
              fmt::format("lower bound {}", plan.proof.lower_bound)});
}

}  // namespace splitlane::report
