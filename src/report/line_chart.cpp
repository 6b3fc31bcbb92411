#include "report/line_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/gantt_frame.hpp"
#include "report/svg_writer.hpp"

namespace splitlane::report {

namespace {

constexpr Box kChart{72, 44, 476, 170};
constexpr double kChartWidth = 564;
constexpr double kChartHeight = 262;
constexpr std::size_t kMostDots = 100;
constexpr std::size_t kMostPoints = 2000;
constexpr double kFirstWidth = 3.6;
constexpr double kLineWidth = 1.6;
constexpr int kRoundTicks = 8;
constexpr int kValueTicks = 4;

// 1, 2 or 5 times a power of ten, so that at most `kValueTicks` steps reach `most`.
double value_step(double most) {
  const double smallest = most / kValueTicks;
  const double power = std::pow(10, std::floor(std::log10(smallest)));
  for (const double factor : {1, 2, 5}) {
    if (factor * power >= smallest * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

class LineChart {
 public:
  LineChart(const std::vector<ChartLine>& lines, const std::function<std::string(double)>& text) : text_(text) {
    bool is_first = true;
    double most = 0;
    for (const ChartLine& line : lines) {
      for (const ChartLine::Point& point : line.points) {
        first_ = is_first ? point.x : std::min(first_, point.x);
        last_ = is_first ? point.x : std::max(last_, point.x);
        most = std::max(most, point.y);
        is_first = false;
      }
    }
    step_ = value_step(most > 0 ? most : 1);
    top_ = step_ * std::max(1.0, std::ceil(most / step_ - 1e-9));
  }

  void draw_frame(SvgWriter& svg) const {
    for (int tick = 0; tick * step_ <= top_ * (1 + 1e-9); ++tick) {
      const double height = y(tick * step_);
      svg.line(kChart.x, height, kChart.right(), height, R"(class="grid")");
      svg.text(kChart.x - 8, height + 4, R"(class="about")", text_(tick * step_));
    }
    const Time step = tick_step(last_ - first_, kRoundTicks);
    for (std::int64_t round = first_; round <= last_; round += step) {
      svg.line(x(round), kChart.bottom(), x(round), kChart.bottom() + 5, R"(class="axis")");
      svg.text(x(round), kChart.bottom() + 18, R"(class="tick")", fmt::format("{}", round));
    }
    svg.line(kChart.x, kChart.bottom(), kChart.right(), kChart.bottom(), R"(class="axis")");
    svg.text(kChart.x + kChart.width / 2, kChart.bottom() + 36, R"(class="tick")", "round");
  }

  void draw_line(SvgWriter& svg, const ChartLine& line, double width) const {
    const std::size_t every = line.points.size() / kMostPoints + 1;
    std::string commands;
    for (std::size_t at = 0; at < line.points.size(); ++at) {
      if ((line.points.size() - 1 - at) % every != 0) continue;
      commands += fmt::format("{}{} {}", commands.empty() ? 'M' : 'L', coordinate(x(line.points[at].x)),
                              coordinate(y(line.points[at].y)));
    }
    svg.path(commands, fmt::format(R"(fill="none" stroke="{}" stroke-width="{}")", line.colour, width));
    if (line.points.size() > kMostDots) return;
    for (const ChartLine::Point& point : line.points) {
      svg.open_group(fmt::format(R"(fill="{}")", line.colour),
                     fmt::format("{} of round {}: {}", line.name, point.x, text_(point.y)));
      svg.circle(x(point.x), y(point.y), width + 1.2, "");
      svg.close_group();
    }
  }

 private:
  double x(std::int64_t round) const {
    if (first_ == last_) return kChart.x + kChart.width / 2;
    return kChart.x + kChart.width * static_cast<double>(round - first_) / static_cast<double>(last_ - first_);
  }
  double y(double value) const { return kChart.bottom() - kChart.height * value / top_; }

  const std::function<std::string(double)>& text_;
  std::int64_t first_ = 0;
  std::int64_t last_ = 0;
  double step_ = 1;
  double top_ = 1;
};

}  // namespace

std::string line_chart(const std::string& title, const std::vector<ChartLine>& lines,
                       const std::function<std::string(double)>& text) {
  SvgWriter svg;
  const LineChart chart(lines, text);
  svg.text(kChart.x, 18, R"(font-size="13" font-weight="bold")", title);
  chart.draw_frame(svg);
  double label = kChart.x;
  for (const ChartLine& line : lines) {
    if (line.points.empty()) continue;
    chart.draw_line(svg, line, &line == &lines.front() ? kFirstWidth : kLineWidth);
    svg.line(label, 31, label + 18, 31, fmt::format(R"(stroke="{}" stroke-width="2.4")", line.colour));
    svg.text(label + 23, 35, R"(class="legend")", line.name);
    label += 23 + text_width(line.name, 11) + 14;
  }
  return svg.element(kChartWidth, kChartHeight, title, "");
}

}  // namespace splitlane::report
