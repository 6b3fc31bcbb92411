#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "methods/exact/column_table.hpp"
#include "methods/exact/domain.hpp"
#include "milp/linear_program.hpp"
#include "splitlane/certificate/priced_row.hpp"

namespace splitlane::exact {

/// The linear relaxation of "every client takes one column and every helper ends by C"
/// (docs/how_it_works.md#all-helpers): least excess z such that every window, memory and no-good row holds up to z.
/// Windows know nothing of C, so the rows found at one C serve at every other. Of helpers that the domain does not tell
/// apart the first stands for all, with their capacities added up; averaging over them shows that nothing is lost. z >
/// 0 says infeasible, but only `price_leaf`, which is exact, may be believed. Of very many columns the program holds
/// some, and prices decide which others join it.
class WindowRelaxation {
 public:
  static constexpr std::size_t kAllActive = 5'000;  ///< up to so many columns all stand in the program

  WindowRelaxation(const ColumnTable& columns, const StopCondition& stop);

  /// From now on rows have their capacities at this makespan; no-goods of other makespans are dropped. Throws Stopped.
  void set_makespan(Time makespan);
  Time makespan() const { return makespan_; }

  struct Effort {
    int lift_rounds = 0;       ///< how often lifted windows may be separated
    bool until_bound = false;  ///< go on adding rows although z > 0 already
    int most_rounds = 200;
  };
  enum class Outcome {
    kFits,     ///< no row found that the values violate
    kExceeds,  ///< z > 0
    kStopped,
  };
  /// Throws Stopped unless it notices before a long step begins.
  Outcome solve(const Domain& domain, const Effort& effort);

  /// Value of each column; of helpers that the domain does not tell apart the first has all.
  std::span<const double> values() const { return values_; }

  /// What taking a column costs at the prices of the last solution; by client and helper the least is the one to try.
  std::vector<double> column_costs() const;

  /// Proves in integers, with the prices of the last solution, that the domain has no plan by makespan(); the rows that
  /// prove it, or nullopt.
  std::optional<std::vector<PricedRow>> price_leaf(const Domain& domain) const;

  /// Adds the row of a no-good for every helper that may take part in it; `coefficients(helper)` names the columns.
  void add_no_good(std::uint32_t number, HelperIndex helper, std::span<const ColumnIndex> counted, std::size_t size);

  std::size_t row_count() const { return rows_.size(); }
  std::uint64_t solve_count() const { return solve_count_; }

 private:
  using Terms = std::vector<std::pair<ColumnIndex, Time>>;
  struct Row {
    PricedRow row;
    Terms terms;
    Time capacity = 0;
    double scale = 1;  ///< the program's row is this one times `scale`
    int idle = 0;      ///< solutions in a row at which it was slack
  };
  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
  using WindowKey = std::pair<HelperIndex, std::pair<std::vector<Time>, std::vector<Time>>>;

  void add_client_rows();
  void add_memory_rows();
  /// Queues a window unless it is known.
  bool queue_window(HelperIndex helper, std::vector<Time> heads, std::vector<Time> tails);
  void queue_row(Row row);
  void flush_rows();
  Time capacity_of(const PricedRow& row) const;
  template <class Separate>
  std::size_t separate(Separate find);
  std::size_t separate_windows();
  std::size_t separate_lifted();
  std::vector<std::size_t> idle_rows();
  void remove_rows(const std::vector<std::size_t>& positions);
  void apply(const Domain& domain);
  std::vector<ColumnIndex> first_active_columns() const;
  bool stands(const Domain& domain, ColumnIndex column) const;
  void activate(const std::vector<ColumnIndex>& columns);
  void activate_for_every_client(const Domain& domain);
  bool activate_improving(const Domain& domain);
  LinearProgram::Status solve_program(const Domain& domain);
  void adopt_rows(HelperIndex helper);
  double copies(const Row& row) const;
  bool takes_part(const Row& row) const;
  const std::vector<HelperIndex>& members_of(const Row& row) const;
  bool proves(const Domain& domain, std::span<const std::pair<std::size_t, std::int64_t>> prices) const;
  std::size_t first_row() const { return columns_.client_count(); }

  const ColumnTable& columns_;
  StopCondition stop_;
  LinearProgram program_;
  Time makespan_ = 0;
  double time_scale_ = 1;
  std::size_t excess_column_ = 0;
  std::vector<std::size_t> position_;  ///< by column, in the program; kAbsent when it is not there
  std::vector<ColumnIndex> active_;    ///< the columns in the program, in the order of their activation
  std::vector<double> values_;         ///< by column
  std::vector<Row> rows_;              ///< row k stands at first_row() + k in the program
  std::vector<LinearProgram::Row> queue_;
  std::set<WindowKey> known_;
  HelperClasses classes_;              ///< of the domain applied last
  PerHelper<std::size_t> class_size_;  ///< 0 unless it is the first of its class
  PerHelper<std::size_t> class_of_;    ///< of the first helper of a class: its position in classes_
  PerHelper<std::uint8_t> has_windows_;
  double excess_ = 0;
  std::uint64_t solve_count_ = 0;
};

}  // namespace splitlane::exact
