#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// A node's stream, by a number that the adapter gives and never uses again.
using NodeStream = std::uint64_t;

/// What the aggregator tells its nodes in one round.
struct RoundOrders {
  std::vector<HelperOrder> helpers;  ///< one a helper of the instance, in its order
  std::vector<ClientOrder> clients;  ///< one a client, likewise; `address` is filled in by the machine
};

/// What came back in one round.
struct RoundResult {
  std::int64_t round = 1;
  Time origin = 0;
  struct Share {
    NetworkState state;        ///< all layers of the client's network
    std::int64_t samples = 0;  ///< what it weighs in the average
  };
  std::vector<Share> shares;          ///< by client
  std::vector<ClientReport> clients;  ///< by client
  std::vector<HelperReport> helpers;  ///< by helper
};

/// What an aggregator does now, in the order of the members.
struct AggregatorActions {
  std::vector<std::pair<NodeStream, std::string>> refuse;  ///< ends the streams, with the reasons
  std::vector<std::pair<NodeStream, Message>> send;
  std::optional<std::int64_t> plan;     ///< the round to plan; afterwards: `planned`
  std::optional<RoundResult> conclude;  ///< average, evaluate and store; afterwards: `concluded`
  bool finished = false;                ///< the training is over
  std::string failure;                  ///< why, when it is over before its last round
};

struct AggregatorSettings {
  std::vector<std::string> clients;  ///< ids, as in the instance
  std::vector<std::string> helpers;
  std::int32_t layers = 0;  ///< of the network
  std::int64_t first_round = 1;
  std::int64_t rounds = 1;  ///< the last one
  Time start_lead = 5000;   ///< from sending the start of a round to its origin, in microseconds
};

/// An aggregator as a state machine: no clock, thread, socket or tensor library. It waits for all nodes, and then for
/// each round has it planned, sends orders and weights, starts it when all are ready, and has what comes back averaged.
/// A node that is lost, or refuses its order, ends the training with the reason. O(1) a call, but for orders and
/// weights.
class AggregatorMachine {
 public:
  AggregatorMachine(AggregatorSettings settings, NetworkState network);

  AggregatorActions received(NodeStream stream, Message message, Time now);
  AggregatorActions stream_lost(NodeStream stream, const std::string& reason);
  AggregatorActions planned(RoundOrders orders);
  AggregatorActions concluded(NetworkState network);
  /// The user wants the training to end: clients end after their batch, and the round counts as far as it went.
  AggregatorActions end_early();

  const NetworkState& network() const { return network_; }

 private:
  enum class State : std::uint8_t { kJoining, kPlanning, kPreparing, kTraining, kConcluding, kOver };
  struct Member {
    std::optional<NodeStream> stream = {};
    std::string address = {};
    bool is_ready = false;
    bool has_reported = false;
  };

  AggregatorActions take_hello(NodeStream stream, const Hello& hello);
  void take_ready(Member& member, Time now, AggregatorActions& actions);
  void take_weights(const NodeName& sender, const Member& member, PartWeights weights);
  /// Raises kInconsistent for a report about clients or batches that are not the sender's.
  void require_own(const ClientReport& report, ClientIndex client) const;
  void require_own(const HelperReport& report, HelperIndex helper) const;
  void conclude_if_complete(AggregatorActions& actions);
  void send_orders(RoundOrders orders, AggregatorActions& actions);
  void send_weights(NodeStream stream, ClientIndex client, std::int32_t first, std::int32_t last,
                    AggregatorActions& actions);
  void send_to(const std::vector<Member>& members, const Message& message, AggregatorActions& actions) const;
  AggregatorActions over(const std::string& failure);
  Member& member_of(const NodeName& node);

  AggregatorSettings settings_;
  NetworkState network_;
  State state_ = State::kJoining;
  bool ends_early_ = false;
  std::int64_t round_ = 0;
  std::vector<Member> clients_, helpers_;
  std::map<NodeStream, NodeName> nodes_;
  RoundResult result_;
  std::vector<HelperIndex> helper_of_;         // by client, in this round
  std::vector<std::int64_t> batches_;          // likewise
  std::vector<std::int32_t> returned_layers_;  // likewise
};

}  // namespace splitlane::training
