#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "report/plan_view.hpp"
#include "report/svg_writer.hpp"

namespace splitlane::report {

/// Maps instants to x. `plot` is where rows are drawn.
struct TimeScale {
  Box plot;
  Time span = 1;        ///< instant at the right edge, at least 1
  double per_unit = 1;  ///< instants in one unit of the instance
  double x(Time time) const { return plot.x + plot.width * static_cast<double>(time) / static_cast<double>(span); }
  double width(Time from, Time to) const { return x(to) - x(from); }
  /// In units of the instance.
  double units(Time time) const { return static_cast<double>(time) / per_unit; }
  std::string number(Time time) const;
};

inline constexpr double kFigureWidth = 1400;
inline constexpr double kLeftMargin = 132;
inline constexpr double kRightMargin = 64;
/// Height above the first row: title, numbers, legend, labels of makespan and bound.
inline constexpr double kHeaderHeight = 128;
/// Height below the last row: the time axis.
inline constexpr double kAxisHeight = 62;

/// Fills of the aggregated figure.
inline constexpr std::string_view kForwardShare = "#2b6cb0";
inline constexpr std::string_view kBackwardShare = "#c05621";
inline constexpr std::string_view kWaitingShare = "#4a4a4a";
inline constexpr std::string_view kPlannedShare = "#6b7a8c";
inline constexpr std::string_view kLateShare = "#c3122f";

/// Distance between ticks: 1, 2 or 5 times a power of ten, so that about `wanted` fit into `span`; at least 1.
Time tick_step(Time span, int wanted);

/// Width in pixels that `text` takes at `font_size`; generous, as fonts differ.
double text_width(std::string_view text, double font_size);

/// Shared styles and patterns.
std::string_view gantt_definitions();

/// "resnet101 · equid": for the document title.
std::string figure_title(const PlanView& view);

/// Two lines above everything: what is shown, and its numbers.
void draw_heading(SvgWriter& svg, std::string_view title, std::string_view numbers);
/// Instance, method, makespan, bound, gap, critical client.
void draw_heading(SvgWriter& svg, const PlanView& view);

/// What rows show: every segment, or shares where there are too many; of a plan, or of it and a trace, whose bars may
/// be without critical paths.
enum class FigureKind : std::uint8_t { kBars, kShares, kTraceBars, kTraceShares, kTraceLanes };
/// What the marks mean.
void draw_legend(SvgWriter& svg, FigureKind kind);

/// Vertical grid and time axis in the instance's unit; drawn before the rows.
void draw_axis(SvgWriter& svg, const Instance& instance, const TimeScale& scale);

/// A vertical line with its label, in one of two heights above the rows.
struct Limit {
  Time time = 0;
  int line = 0;  ///< of the labels: 0 or 1
  std::string_view colour;
  std::string_view stroke;  ///< attributes of the line
  std::string label;
};
void draw_limit(SvgWriter& svg, const TimeScale& scale, const Limit& limit);

/// Lines of makespan (solid) and lower bound (dashed), each label on a line of its own so that they never collide;
/// drawn after the rows.
void draw_limits(SvgWriter& svg, const PlanView& view, const TimeScale& scale);

}  // namespace splitlane::report
