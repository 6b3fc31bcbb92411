#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/aggregator/members.hpp"
#include "training/aggregator/round_progress.hpp"
#include "training/aggregator/round_result.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// What an aggregator does now, in the order of the members.
struct AggregatorActions {
  std::vector<std::pair<NodeStream, std::string>> refuse;  ///< ends the streams, with the reasons
  std::vector<std::pair<NodeStream, Message>> send;
  std::optional<AttemptRequest> plan;   ///< afterwards: `planned`
  std::optional<RoundResult> conclude;  ///< average, evaluate and store; afterwards: `concluded`
  std::optional<Time> wake_at;          ///< `woken` at this instant
  bool finished = false;                ///< the training is over
  std::string failure;                  ///< why, when it is over before its last round
};

struct AggregatorSettings {
  std::vector<std::string> clients;  ///< ids, as in the instance
  std::vector<std::string> helpers;
  std::int32_t layers = 0;  ///< of the network
  std::int64_t first_round = 1;
  std::int64_t rounds = 1;             ///< the last one
  Time start_lead = 5000;              ///< from sending the start of a round to its origin, in microseconds
  std::size_t minimum_clients = 1;     ///< that must finish a round
  std::optional<Time> join_wait = {};  ///< for all nodes at first, in microseconds; nullopt: for ever
  Time return_wait = 30'000'000;       ///< for nodes to come back where too few are left, likewise
};

/// An aggregator as a state machine: no clock, thread, socket or tensor library. It waits for all nodes, and then for
/// each round has it planned, sends orders and weights, starts it when all are ready, and has what comes back averaged.
///
/// Whatever dies, the training goes on. A client that is lost is out of the round, which is averaged over those that
/// finish. The clients of a helper that is lost are planned onto the others, and begin the round again from the weights
/// with which it began; the other clients are undisturbed, and so is one that had brought everything back. A node that
/// says hello again takes part from the next round. Where fewer than `minimum_clients` are left, the round waits for
/// nodes to come back, for `return_wait`, and goes on with what its clients have finished until then.
///
/// A node that says goodbye brings to an end what it has begun: a client the batch in progress, and what it has trained
/// of the round counts; a helper the round of its clients. Then it hears that it is free.
/// Instants are microseconds of the machine's monotonic clock. O(clients) a call, but for orders and weights.
class AggregatorMachine {
 public:
  AggregatorMachine(AggregatorSettings settings, NetworkState network);

  AggregatorActions received(NodeStream stream, Message message, Time now);
  AggregatorActions stream_lost(NodeStream stream, const std::string& reason, Time now);
  AggregatorActions planned(RoundOrders orders, Time now);
  AggregatorActions concluded(NetworkState network, Time now);
  AggregatorActions woken(Time now);
  /// The user wants the training to end: clients end after their batch, and the round counts as far as it went.
  AggregatorActions end_early(Time now);
  /// The node is to leave, as if it had said goodbye; nothing where it is not there. Raises kUnknownId.
  AggregatorActions release(const NodeName& node, Time now);
  /// The node's stream is to end, with the reason; nothing where it is not there. Raises kUnknownId.
  AggregatorActions expel(const NodeName& node, const std::string& reason);
  /// Helpers first.
  std::vector<NodeName> nodes_there() const;

  const NetworkState& network() const { return network_; }
  const Members& members() const { return members_; }

 private:
  enum class State : std::uint8_t { kGathering, kInRound, kConcluding, kOver };

  void take(const Members::Member& sender, Message message, Time now, AggregatorActions& actions);
  void take_of_client(std::size_t client, Message message, Time now, AggregatorActions& actions);
  void take_of_helper(std::size_t helper, Message message, Time now, AggregatorActions& actions);
  void take_refusal(const Members::Member& sender, const Refused& refused, Time now, AggregatorActions& actions);

  void begin_round(Time now, AggregatorActions& actions);
  /// Everything that follows from what has become of the clients.
  void advance(Time now, AggregatorActions& actions);
  void ask_for_plan(Time now, AggregatorActions& actions);
  void start_those_ready(Time now, AggregatorActions& actions);
  void conclude_or_gather(Time now, AggregatorActions& actions);
  void gather(Time now, AggregatorActions& actions);
  /// Again with all clients that are there, where they are enough.
  bool try_again(Time now, AggregatorActions& actions);

  void lose_client(std::size_t client, const std::string& reason, AggregatorActions& actions);
  /// The client's attempt is over; its helper, where it lives, is told.
  void give_up(std::size_t client, const std::string& reason, bool avoids_helper, Time now, AggregatorActions& actions);
  void dismiss(std::size_t client, AggregatorActions& actions) const;
  void note(Time now, const std::string& kind, const NodeName& node, const std::string& text);
  void send_orders(RoundOrders orders, Time now, AggregatorActions& actions);
  void send_client_order(ClientOrder order, AggregatorActions& actions);
  void send_weights(NodeStream stream, ClientIndex client, std::int32_t first, std::int32_t last,
                    AggregatorActions& actions) const;
  void over(const std::string& failure, AggregatorActions& actions);
  void let_leave(const NodeName& node, Time now, AggregatorActions& actions);
  /// To those that leave and have nothing under way.
  void say_farewells(Time now, AggregatorActions& actions);
  bool has_work_under_way(const Members::Member& member) const;
  bool is_there(HelperIndex helper) const;
  bool helper_is_ready(std::size_t client) const;
  std::string who_is_out() const;

  struct HelperInRound {
    bool takes_part = false;
    bool is_started = false;
    std::int64_t ready_attempt = 0;
  };

  AggregatorSettings settings_;
  NetworkState network_;
  Members members_;
  RoundProgress progress_;
  State state_ = State::kGathering;
  std::vector<HelperInRound> helpers_;
  bool ends_early_ = false;
  bool has_begun_ = false;   // the first round
  bool plans_ = false;       // an answer to `plan` is awaited
  std::vector<bool> asked_;  // by client: is to be in that answer
  bool is_started_ = false;  // the round: its clients train
  bool has_news_ = false;    // a node has said hello since the last plan
  std::int64_t round_ = 0;
  std::int64_t attempt_ = 0;
  std::optional<Time> deadline_;  // of gathering
};

}  // namespace splitlane::training
