#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace splitlane::report {

/// One line of a chart.
struct ChartLine {
  struct Point {
    std::int64_t x = 0;
    double y = 0;
  };
  std::string name;
  std::string_view colour;
  std::vector<Point> points;  ///< x increases, y >= 0
};

/// A chart of lines over rounds, the first the broadest so that it shows below the others, from 0 upwards, as an
/// element of a page whose styles are `gantt_definitions`. `text` spells a value. Points have tooltips where there are
/// few; above some thousand only every so many is on the line, the last always.
std::string line_chart(const std::string& title, const std::vector<ChartLine>& lines,
                       const std::function<std::string(double)>& text);

}  // namespace splitlane::report
