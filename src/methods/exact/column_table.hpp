#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "instance/per_index.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/service.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::exact {

/// Position of a column in its ColumnTable.
using ColumnIndex = std::uint32_t;
/// Stands for a client without a column.
inline constexpr ColumnIndex kNoColumn = 0xffffffffU;
/// One column per client.
using Choice = PerClient<ColumnIndex>;

/// One way to serve one client that can be part of a better plan.
struct Column {
  ClientIndex client;
  HelperIndex helper;  ///< none() for a local option
  OptionIndex option;
  Service plain;  ///< without switch costs (`plain_service`); all 0 for a local option
  Time path = 0;  ///< path bound; the time of a local option
  Megabytes memory = 0;

  bool is_local() const { return helper.is_none(); }
};

/// The options worth looking at, grouped by client: those that fit their helper's memory alone, end by `longest_path`,
/// and are not dominated, that is no option of the same client on the same helper is at most as large in all five
/// durations and memory (docs/how_it_works.md#branch-and-bound). Immutable. O(options * options per client and helper);
/// throws Stopped.
class ColumnTable {
 public:
  ColumnTable(const Instance& instance, Time longest_path, const StopCondition& stop = {});

  const Instance& instance() const { return *instance_; }
  std::size_t size() const { return columns_.size(); }
  const Column& operator[](ColumnIndex column) const { return columns_[column]; }
  std::size_t client_count() const { return first_of_client_.size() - 1; }
  std::size_t helper_count() const { return of_helper_.size(); }
  IndexRange<ClientIndex> clients() const { return {0, client_count()}; }
  IndexRange<HelperIndex> helpers() const { return {0, helper_count()}; }
  ColumnIndex first_of(ClientIndex client) const { return first_of_client_[client.value()]; }
  ColumnIndex end_of(ClientIndex client) const { return first_of_client_[client.value() + 1]; }
  /// The columns of one helper, by client.
  std::span<const ColumnIndex> of_helper(HelperIndex helper) const { return of_helper_[helper]; }

  /// Two columns of the same client on the same helper; all such stand together.
  bool are_alternatives(ColumnIndex left, ColumnIndex right) const {
    return columns_[left].client == columns_[right].client && columns_[left].helper == columns_[right].helper;
  }

  /// The service of any option of the instance without switch costs; all 0 for a local option.
  Service plain_of(OptionIndex option) const;
  /// Place of a column among those of its helper; twins have equal columns at equal places.
  std::size_t position_of(ColumnIndex column) const { return position_[column]; }
  /// The option of a column and all options that it dominates: a proof that treats the one treats all.
  std::span<const OptionIndex> options_of(ColumnIndex column) const { return options_of_[column]; }

  /// The first helper with the same memory, switch cost and options; interchangeable with this one as long as nothing
  /// was decided for either (docs/how_it_works.md#branch-and-bound).
  HelperIndex twin_of(HelperIndex helper) const { return twin_[helper]; }
  bool has_equal_helpers() const;
  /// More than two options a client and helper.
  bool has_many_options() const { return size() > 2 * client_count() * helper_count(); }
  /// The column of `helper`'s twin that equals this column of `helper`.
  ColumnIndex twin_column(ColumnIndex column) const { return twin_column_[column]; }
  /// Memory of a helper; the largest number when unbounded.
  Megabytes memory(HelperIndex helper) const { return memory_[helper]; }

 private:
  void add_client(ClientIndex client, Time longest_path);
  void find_twins(const StopCondition& stop);

  const Instance* instance_;
  std::vector<Column> columns_;
  std::vector<std::vector<OptionIndex>> options_of_;
  std::vector<ColumnIndex> first_of_client_ = {0};
  PerHelper<std::vector<ColumnIndex>> of_helper_;
  std::vector<std::size_t> position_;
  PerHelper<HelperIndex> twin_;
  std::vector<ColumnIndex> twin_column_;
  PerHelper<Megabytes> memory_;
};

/// True when every duration of `left` is at most that of `right`: what `right` allows, `left` allows.
bool no_longer(const Service& left, const Service& right);

}  // namespace splitlane::exact
