#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/stop.hpp"

namespace splitlane::admm {

/// What the forward problem P_f knows of one option through a helper, with switch costs as one run of the task has
/// them (`plain_service`): charged to the client behind the task, or a part of the work.
struct ForwardPair {
  OptionIndex option;
  HelperIndex helper;
  std::size_t client = 0;
  Time release = 0;  ///< r
  Time work = 0;     ///< p
  Time tail = 0;     ///< l
  /// Amounts of work that (20) permits are multiples of this one (docs/paper.md#what-is-wrong-in-it, 7); 0 when `work`
  /// is.
  Time quantum = 0;
  Time quanta = 1;  ///< work / quantum; 1 when `work` is 0: all of nothing, or none of it
};

/// The pairs of all clients, those of one client in a row.
struct ForwardPairs {
  std::vector<ForwardPair> pairs;
  std::vector<std::size_t> first_of_client;  ///< one more entry than clients
  /// By client: a common multiple of all `quanta`, so that (20) reads sum of (multiple / quanta) m = multiple.
  std::vector<Time> multiple;
  /// Clients whose common multiple is too large for the solver's floating point, and who therefore may not be split.
  std::size_t unsplit_clients = 0;
};

/// One pair for every option through a helper; clients with local options only have none. nullopt when `stop`, which is
/// asked once a client, ended it. O(options * log work).
std::optional<ForwardPairs> forward_pairs(const Instance& instance, const StopCondition& stop);

}  // namespace splitlane::admm
