#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane::fit {

/// A client that may be on either of two helpers, with its demand on each.
struct LooseClient {
  Megabytes demand_on_first;
  Megabytes demand_on_second;
};

/// How clients are shared out between two helpers so that the first is not overfull and the second as little as can be.
struct PairSplit {
  Megabytes load_on_second = 0;
  std::uint32_t on_first = 0;  ///< a bit for each client that is on the first helper
};

/// Two helpers can be packed anew together at a price that does not depend on the sizes of the numbers: the subsets of
/// each half of the clients, sorted, meet in the middle (Horowitz and Sahni 1974).
class PairRepack {
 public:
  static constexpr std::size_t kMostClients = 24;

  /// Shares out at most kMostClients clients between two helpers, the first with `room` for them (>= 0). Everybody may
  /// be on the second. O(2^(clients / 2)).
  PairSplit split(std::span<const LooseClient> clients, Megabytes room);

 private:
  struct Subset {
    Megabytes on_first;
    Megabytes on_second;
    std::uint32_t members;
  };
  void list_subsets(std::span<const LooseClient> clients, std::uint32_t shift, std::vector<Subset>& result);

  std::vector<Subset> left_, right_, merged_;
};

}  // namespace splitlane::fit
