#pragma once

#include <optional>
#include <string>

#include "report/round_view.hpp"

namespace splitlane::report {

/// What the figure of a round became.
struct RoundFigure {
  std::string svg;          ///< an element of a page
  bool shows_bars = false;  ///< rather than shares of helpers
};

/// The lanes of a round, per helper as planned and as they happened, all batches. `planned` is the makespan that was to
/// be expected; without one the two have different clocks: each lane fills the figure by its own, and nothing is late.
/// Above some thousand segments lanes become shares. O(segments).
RoundFigure draw_round(const RoundView& view, std::optional<Time> planned, const std::string& title);

}  // namespace splitlane::report
