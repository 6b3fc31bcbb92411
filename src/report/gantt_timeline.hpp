#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "report/gantt_frame.hpp"
#include "report/plan_view.hpp"
#include "report/svg_writer.hpp"

namespace splitlane::report {

/// Clients given to thin lanes of their own below a row, so that no two timelines of a lane overlap.
struct Packing {
  struct Place {
    ClientIndex client;
    std::size_t lane = 0;
  };
  std::vector<Place> places;
  std::size_t lane_count = 0;
  std::size_t hidden_count = 0;  ///< clients left out because there were no lanes left
};

/// Greedy interval packing by start, at most `most_lanes` lanes. When they do not suffice, the clients that
/// complete last are shown, one a lane. O(n log n + n * most_lanes).
Packing pack_clients(const PlanView& view, const TimeScale& scale, std::span<const ClientIndex> clients,
                     std::size_t most_lanes);

/// One client's way, planned or actual, with what the figure says of it.
struct Timeline {
  ClientIndex client;
  std::vector<Step> steps;
  Time completion = 0;
  bool is_critical = false;
  std::string label;
  std::string tooltip;
};
Timeline timeline_of(const PlanView& view, ClientIndex client);

/// One client from release to completion: dotted until its release, waiting hatched, forward and backward as
/// bars, lines for turnaround and tail, a dot and its id where it completes. `lane` gives y and height.
void draw_timeline(SvgWriter& svg, const TimeScale& scale, const Timeline& timeline, const Box& lane);

/// "c17 on h2: release 24, forward 27-28, backward 82-87, completion 106, waited 3".
std::string timeline_tooltip(const PlanView& view, ClientIndex client);

/// Draws the packed clients below each other from y = `top`, each lane `height` high.
void draw_packing(SvgWriter& svg, const PlanView& view, const TimeScale& scale, const Packing& packing, double top,
                  double height);

}  // namespace splitlane::report
