#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// How many clients may leave the helper that serves them in an earlier plan (part-2 of each has to travel). Clients
/// without a helper there are free.
class MoveBudget {
 public:
  static constexpr HelperIndex kNoHome{HelperIndex::kNoneValue - 1};

  /// No limit: nobody has a home.
  explicit MoveBudget(const Instance& instance) : home_(instance.client_count(), kNoHome) {}
  /// `home`: the option of each client in the earlier plan, none() for one without.
  MoveBudget(const Instance& instance, const std::vector<OptionIndex>& home, std::size_t most);

  /// By how much `away()` would grow.
  int cost(ClientIndex client, HelperIndex from_helper, HelperIndex to_helper) const {
    const HelperIndex home = home_[client.value()];
    if (home == kNoHome) return 0;
    return (to_helper != home ? 1 : 0) - (from_helper != home ? 1 : 0);
  }
  bool permits(int cost) const { return cost <= 0 || away_ + static_cast<std::size_t>(cost) <= most_; }
  void spend(int cost) { away_ = static_cast<std::size_t>(static_cast<std::int64_t>(away_) + cost); }
  bool is_limited() const { return most_ < kUnlimited; }
  std::size_t away() const { return away_; }

 private:
  std::vector<HelperIndex> home_;
  static constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max() / 2;
  std::size_t most_ = kUnlimited;
  std::size_t away_ = 0;
};

}  // namespace splitlane
