#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/workers.hpp"
#include "bound/row_values.hpp"
#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// The thresholds of one helper's windows: a window for each pair of a head and a tail, both ascending. One pair, the
/// least head and the least tail, holds the whole load.
struct WindowGrid {
  std::vector<Time> heads;
  std::vector<Time> tails;
};
using WindowGrids = PerHelper<WindowGrid>;

/// The relaxation behind the price bound (docs/how_it_works.md#certificates, C-free form, with memory) as flat arrays
/// of floating-point numbers:
///
///   minimise C   such that   sum_o y_o = 1 for each client, and for each helper
///   sum of load_o(s, t) y_o + s + t <= C for each window (s, t) of its grid,   sum of demand_o y_o <= memory.
///
/// Times are divided by `time_scale`, demands by the helper's memory. A task of an option belongs to one cell of its
/// helper's grid, by how many heads and tails it reaches; the windows that count it are those below that cell. So an
/// option costs work_forward * price(cell) + work_backward * price(cell) + demand * price(memory), whatever the number
/// of windows, with the price of a cell the sum of the prices of the windows that count it.
///
/// Floating point only guides the choice of prices and assignments; what is proven is evaluated in integers.
class PriceProblem {
 public:
  /// Options longer than `longest_path`, or larger than their helper's memory, are left out. `is_free`: 1 for each
  /// helper without any row (its grid must be empty), or nothing for none; clients that can go there are left out.
  PriceProblem(const Instance& instance, WindowGrids grids, Time longest_path, double time_scale, Workers& workers,
               PerHelper<std::uint8_t> is_free = {});

  struct Option {
    HelperIndex helper;  // the one behind the last for a local option
    std::uint32_t forward_cell;
    std::uint32_t backward_cell;
    float forward;
    float backward;
    float demand;
    float load() const { return forward + backward; }
  };
  /// Where a helper's windows and cells stand in the tables of all.
  struct Helper {
    std::uint32_t first_window;
    std::uint32_t first_cell;
    std::uint32_t heads;
    std::uint32_t tails;
  };

  const Instance& instance() const { return instance_; }
  std::size_t helper_count() const { return helpers_.size(); }
  /// Helpers that are not free.
  std::size_t priced_count() const { return priced_count_; }
  std::size_t window_count() const { return edges_.size(); }
  std::size_t cell_count() const { return cell_count_; }
  bool has_memory() const { return has_memory_; }
  bool has_memory(HelperIndex helper) const { return bounded_[helper] != 0; }
  double time_scale() const { return time_scale_; }
  const WindowGrids& grids() const { return grids_; }
  const Helper& helper(HelperIndex helper) const { return helpers_[helper]; }

  /// The options that a client may use; empty for one whose options are all left out.
  std::span<const Option> options(ClientIndex client) const {
    return {options_.data() + first_option(client), options_.data() + first_option_[client.value() + 1]};
  }
  /// Position in the instance of each of them.
  std::size_t first_option(ClientIndex client) const { return first_option_[client.value()]; }
  OptionIndex source(std::size_t option) const { return source_[option]; }
  std::size_t option_count() const { return options_.size(); }

  /// s + t of a window, scaled.
  double edge(std::size_t window) const { return edges_[window]; }
  /// What the rows cost beside the clients: sum of price * edge over windows, minus the prices of the memories.
  double rent(const RowValues& prices) const;

  /// Prices of cells from prices of windows.
  void spread_to_cells(std::span<const double> windows, std::span<double> cells) const;
  /// Loads of windows from loads of cells: the transposed map.
  void gather_from_cells(std::span<const double> cells, std::span<double> windows) const;

 private:
  void place_grids();
  void fill_options(Time longest_path, Workers& workers);
  bool is_free(HelperIndex helper) const { return !is_free_.empty() && is_free_[helper] != 0; }
  bool goes_free(ClientIndex client, Time longest_path) const;
  Option relax(OptionIndex option) const;
  std::uint32_t cell_of(HelperIndex helper, Time head, Time tail) const;

  const Instance& instance_;
  WindowGrids grids_;
  double time_scale_;
  PerHelper<std::uint8_t> is_free_;
  std::size_t priced_count_ = 0;
  PerHelper<Helper> helpers_;
  std::vector<double> edges_;
  PerHelper<std::uint8_t> bounded_;
  std::size_t cell_count_ = 0;
  bool has_memory_ = false;
  std::vector<Option> options_;
  std::vector<OptionIndex> source_;
  std::vector<std::uint32_t> first_option_;
};

/// Whether an option is one of the root options of a proof that no plan has makespan <= C (see Certificate).
bool is_allowed(const Instance& instance, OptionIndex option, Time makespan);

}  // namespace splitlane
