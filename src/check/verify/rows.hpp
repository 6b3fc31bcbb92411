#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "check/verify/root.hpp"
#include "check/verify/scene.hpp"
#include "splitlane/certificate/priced_row.hpp"

namespace splitlane::verify_detail {

/// A priced row without its price: the sum of `coefficient` over chosen root options is at most `capacity`.
struct Inequality {
  struct Entry {
    OptionIndex option;
    Time coefficient;
  };
  Time capacity = 0;           ///< >= 0
  std::vector<Entry> entries;  ///< by increasing option; coefficients other than 0
  Time largest = 0;            ///< of the coefficients' absolute values
};

/// Works out the inequalities that rows name (docs/how_it_works.md#rows and #no-goods), each different one once as long
/// as there is room.
class RowBook {
 public:
  RowBook(const RootOptions& root, Scene& scene) : root_(root), scene_(scene) {}

  /// Refuses a row that is malformed or states no valid inequality. The result stays valid until the next call.
  const Inequality& inequality(const PricedRow& row);
  /// The row of a no-good, which must exist, on a helper, which must exist.
  const Inequality& no_good_inequality(std::uint32_t no_good, HelperIndex helper);

 private:
  struct KeyHash {
    std::size_t operator()(const std::vector<std::int64_t>& key) const;
  };

  void require_sound(const PricedRow& row) const;
  Inequality compute(const PricedRow& row);
  Inequality window(const PricedRow& row);
  Inequality memory(const PricedRow& row);
  Inequality no_good(const PricedRow& row);

  const RootOptions& root_;
  Scene& scene_;
  std::unordered_map<std::vector<std::int64_t>, std::unique_ptr<const Inequality>, KeyHash> known_;
  std::size_t known_entries_ = 0;
  std::vector<std::int64_t> key_;
  Inequality passing_;  // when there is no room left
};

/// Rule R7. The largest sum <= capacity that entries, at most one of each client, can make; their coefficients are >=
/// 0. Gives up when the capacity in units of the coefficients' greatest common divisor exceeds
/// kLargestReachableCapacity. O(entries * capacity / 64).
Time largest_reachable_sum(const Inequality& inequality, const RootOptions& root, Time capacity, Effort& effort);

}  // namespace splitlane::verify_detail
