#pragma once

#include <cstddef>
#include <vector>

#include "report/gantt_timeline.hpp"

namespace splitlane::report {

/// Heights of the figure that shows every segment, chosen from the number of rows so that all rows fit a page.
struct RowStyle {
  double lane = 0;      ///< height of a helper's lane of bars
  double timeline = 0;  ///< height of each client's thin lane below it
  std::size_t most_lanes = 0;
  double space = 0;  ///< between rows
};

/// `most_clients` is the largest number of clients of any row.
RowStyle row_style(std::size_t rows, std::size_t most_clients);

/// One row: a helper's lane and its clients below, or the local clients alone (helper none()).
struct Row {
  HelperIndex helper;
  Packing packing;
  double height(const RowStyle& style) const;
};

/// The local clients, or nothing when there are none.
std::vector<Row> local_row(const PlanView& view, const TimeScale& scale, const RowStyle& style);

/// A row per helper, then the local clients.
std::vector<Row> all_rows(const PlanView& view, const TimeScale& scale, const RowStyle& style);

void draw_row(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const RowStyle& style, const Row& row,
              double top);

}  // namespace splitlane::report
