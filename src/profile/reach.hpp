#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"
#include "splitlane/profile/scenario.hpp"

namespace splitlane {

/// Draws, client by client, which helpers it reaches. Two objects of the same parameters and stream give the same.
class Reach {
 public:
  /// `reach` helpers of `helpers` a client. Cost O(helpers).
  Reach(Topology topology, std::size_t helpers, std::size_t reach, RandomEngine random);

  /// The next client's helpers, ascending; valid until the next call. Expected cost O(reach * log reach).
  const std::vector<std::uint32_t>& next_client();

 private:
  struct Point {
    double x = 0;
    double y = 0;
  };

  void draw_any();
  void draw_nearest();
  void draw_neighbours();
  std::size_t column_of(double coordinate) const;
  /// Adds the helpers of the cells at this distance (in cells) around a cell.
  void look_at_ring(std::size_t column, std::size_t row, std::size_t distance, Point from);
  void look_at_cell(std::size_t cell, Point from);
  void fill_cells();

  Topology topology_;
  std::size_t reach_;
  RandomEngine random_;
  std::vector<std::uint32_t> order_;  // a permutation of the helpers
  std::vector<std::uint32_t> chosen_;

  std::vector<Point> positions_;  // of the helpers
  std::size_t columns_ = 1;       // the square is cut into columns_ x columns_ cells
  std::vector<std::uint32_t> first_in_cell_, by_cell_;
  std::vector<std::pair<double, std::uint32_t>> near_;  // squared distance and helper
};

}  // namespace splitlane
