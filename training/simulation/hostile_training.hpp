#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "training/simulation/simulated_cluster.hpp"

namespace splitlane::training {

/// No training of `hostile_training` takes longer than this after its last fault, in microseconds: the waits for nodes
/// (20 s at the start, 30 s where too few are left), and the work of all its rounds one after the other.
inline constexpr Time kLongestAfterFaults = 120'000'000;

/// What came of a training in a hostile cluster.
struct HostileOutcome {
  FaultCounts faults;
  std::int64_t rounds = 0;          ///< concluded
  std::int64_t partial_rounds = 0;  ///< of these, with clients missing
  std::int64_t moved_clients = 0;   ///< attempts that were given up, of clients that finished their round
  bool has_result = false;          ///< else the training ended with a reason
  bool is_compared = false;         ///< it had helper faults alone, and all clients in all rounds
  std::vector<std::string> violations;
};

/// A training of 3 to 12 nodes, drawn with everything that befalls it from one seed: instance, plan, rule, delays;
/// nodes that die and come back or do not, that stall, links that break, an aggregator that starts anew from its
/// checkpoint. A quarter of the seeds have faults of helpers alone.
///
/// It holds the training against these invariants, with code apart from the machines':
/// 1. A helper runs one layer at a time, and only for clients that an order names and that it has not been told to
///    dismiss, in the round and attempt of that order; no client makes a part anew while it computes with the old one.
/// 2. The trace of each concluded round is valid (check_trace).
/// 3. The share of each client that finished is what its batches, each once and in order, make of the network with
/// which
///    the round began, and the network afterwards is the average of these. At least the minimum of clients finished.
/// 4. After helper faults alone the network is that of the undisturbed training, where no client was out of a round.
/// 5. No order is refused for lack of memory, no node gets a message that it cannot place.
/// 6. The training ends kLongestAfterFaults after its last fault at the latest, with a result or with a reason.
HostileOutcome hostile_training(std::uint64_t seed,
                                const std::function<void(Time instant, const std::string& line)>& on_talk = {});

}  // namespace splitlane::training
