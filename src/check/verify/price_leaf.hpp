#pragma once

#include <cstdint>
#include <vector>

#include "check/verify/domains.hpp"
#include "check/verify/rows.hpp"
#include "check/verify/scene.hpp"
#include "check/verify/wide.hpp"

namespace splitlane::verify_detail {

/// What each option costs at the prices of a leaf. In 64 bits as long as they surely suffice, then in 128.
class PriceTable {
 public:
  explicit PriceTable(std::size_t option_count) : narrow_(option_count, 0) {}

  /// All costs are 0 again.
  void clear();
  void add(const Inequality& inequality, std::int64_t price);
  Wide cost(OptionIndex option) const { return is_wide_ ? wide_[option.value()] : Wide{narrow_[option.value()]}; }

 private:
  std::vector<std::int64_t> narrow_;
  std::vector<Wide> wide_;
  bool is_wide_ = false;
  Wide largest_ = 0;  // bounds every cost's absolute value
};

/// Checks leaves of prices (rule T6; docs/how_it_works.md#certificates).
class PriceLeafCheck {
 public:
  PriceLeafCheck(const Domains& domains, RowBook& rows, Scene& scene)
      : domains_(domains), rows_(rows), scene_(scene), table_(scene.instance.option_count()) {}

  /// Refuses unless some client has no option left or the rows' prices exclude every choice of allowed options.
  void check(const std::vector<PricedRow>& rows);

 private:
  Wide cheapest(ClientIndex client) const;

  const Domains& domains_;
  RowBook& rows_;
  Scene& scene_;
  PriceTable table_;
};

}  // namespace splitlane::verify_detail
