#include "methods/exact/incumbent.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "methods/exact/packing_relaxation.hpp"

namespace splitlane::exact {

Choice Incumbent::choice(const ColumnTable& columns) const {
  Choice choice(columns.client_count(), kNoColumn);
  for (ColumnIndex column = 0; column < columns.size(); ++column) {
    const Column& entry = columns[column];
    const OptionIndex option = schedule_.choice[entry.client.value()];
    if (instance_.helper(option) != entry.helper) continue;
    ColumnIndex& chosen = choice[entry.client];
    if (chosen == kNoColumn || entry.option == option) chosen = column;
  }
  return choice;
}

bool Incumbent::adopt(const ColumnTable& columns, LaneCache& lane_cache, const Choice& choice, Time makespan) {
  PerHelper<std::vector<ColumnIndex>> lanes(columns.helper_count());
  std::vector<OptionIndex> options;
  for (const ColumnIndex column : choice) {
    options.push_back(columns[column].option);
    if (!columns[column].is_local()) lanes[columns[column].helper].push_back(column);
  }
  SegmentTable table;
  for (const std::vector<ColumnIndex>& lane : lanes) {
    std::vector<Segment> segments;
    for (const LaneSegment& segment : lane_cache.lane(lane, makespan)) {
      segments.push_back({columns[lane[segment.service]].client, segment.task, segment.start, segment.end});
    }
    table.append_lane(segments);
  }
  Schedule schedule = evaluate_schedule(instance_, std::move(options), std::move(table));
  if (schedule.makespan >= schedule_.makespan) return false;
  schedule_ = std::move(schedule);
  return true;
}

Choice completed(const ColumnTable& columns, Choice cover, Time makespan) {
  for (const ClientIndex client : columns.clients()) {
    if (cover[client] != kNoColumn) continue;
    for (ColumnIndex column = columns.first_of(client); column < columns.end_of(client); ++column) {
      if (columns[column].is_local() && columns[column].path <= makespan) cover[client] = column;
    }
  }
  return cover;
}

}  // namespace splitlane::exact
