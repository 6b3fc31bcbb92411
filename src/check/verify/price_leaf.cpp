#include "check/verify/price_leaf.hpp"

#include <algorithm>

namespace splitlane::verify_detail {

namespace {

constexpr Wide kLargestNarrow = Wide{1} << 62;

}  // namespace

void PriceTable::clear() {
  std::fill(narrow_.begin(), narrow_.end(), 0);
  is_wide_ = false;
  largest_ = 0;
}

void PriceTable::add(const Inequality& inequality, std::int64_t price) {
  largest_ = sum(largest_, time_product(price, inequality.largest));
  if (!is_wide_ && largest_ > kLargestNarrow) {
    wide_.assign(narrow_.begin(), narrow_.end());
    is_wide_ = true;
  }
  if (is_wide_) {
    for (const auto& [option, coefficient] : inequality.entries) {
      wide_[option.value()] += time_product(price, coefficient);
    }
  } else {
    for (const auto& [option, coefficient] : inequality.entries) narrow_[option.value()] += price * coefficient;
  }
}

void PriceLeafCheck::check(const std::vector<PricedRow>& rows) {
  scene_.effort.spend(scene_.instance.option_count());
  table_.clear();
  Wide room = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    within("rows", row, [&] {
      const Inequality& inequality = rows_.inequality(rows[row]);
      scene_.effort.spend(inequality.entries.size() + 1);
      table_.add(inequality, rows[row].price);
      room = sum(room, time_product(rows[row].price, inequality.capacity));
    });
  }
  if (domains_.has_empty()) return;
  Wide demand = 0;
  for (const ClientIndex client : scene_.instance.clients()) demand = sum(demand, cheapest(client));
  if (demand <= room) refuse(fmt::format("the clients cost {} at least, and the rows have room for {}", demand, room));
}

// Some option of the client is allowed.
Wide PriceLeafCheck::cheapest(ClientIndex client) const {
  Wide least = kWidest;
  for (const OptionIndex option : scene_.instance.options(client)) {
    if (domains_.allows(option)) least = std::min(least, table_.cost(option));
  }
  return least;
}

}  // namespace splitlane::verify_detail
