#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "methods/exact/column_table.hpp"

namespace splitlane::exact {

/// The columns that a node of a search still allows, and how many each client has left.
class Domain {
 public:
  /// Allows the columns whose path ends by `makespan`.
  Domain(const ColumnTable& columns, Time makespan) : allowed_(columns.size(), 0), left_(columns.client_count(), 0) {
    for (ColumnIndex column = 0; column < columns.size(); ++column) {
      if (columns[column].path > makespan) continue;
      allowed_[column] = 1;
      ++left_[columns[column].client];
    }
  }

  bool allows(ColumnIndex column) const { return allowed_[column] != 0; }
  std::uint32_t left(ClientIndex client) const { return left_[client]; }
  void remove(ColumnIndex column, ClientIndex client) {
    if (allowed_[column] == 0) return;
    allowed_[column] = 0;
    --left_[client];
  }
  std::span<const std::uint8_t> flags() const { return allowed_; }

 private:
  std::vector<std::uint8_t> allowed_;
  PerClient<std::uint32_t> left_;
};

/// Helpers that nothing in the domain tells apart (docs/how_it_works.md#branch-and-bound), each class by index; classes
/// by their first helper.
using HelperClasses = std::vector<std::vector<HelperIndex>>;
HelperClasses helper_classes(const ColumnTable& columns, const Domain& domain);

}  // namespace splitlane::exact
