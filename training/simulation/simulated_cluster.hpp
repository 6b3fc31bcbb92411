#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "training/aggregator/aggregator_machine.hpp"
#include "training/client/client_machine.hpp"
#include "training/helper/helper_machine.hpp"
#include "training/session/round_orders.hpp"
#include "training/simulation/simulated_stream.hpp"
#include "training/simulation/virtual_clock.hpp"

namespace splitlane::training {

/// What is told of a simulated cluster while it runs, for those who check it.
struct ClusterWatch {
  /// Every message when it arrives and every step that is computed, a line each without an end.
  std::function<void(Time instant, const std::string& line)> on_talk = {};
  std::function<void(const NodeName& to, const Message& message)> on_arrival = {};
  /// A layer begins, while the helper computes another or does not.
  std::function<void(const NodeName& helper, const HelperRun& run, bool computes)> on_layer = {};
  /// A client makes a part anew, while it computes or does not.
  std::function<void(const NodeName& client, bool computes)> on_load = {};
  /// The node has lost the aggregator, or has died.
  std::function<void(const NodeName& node)> on_alone = {};
  std::function<void(const NodeName& node)> on_goodbye = {};
  /// The round, from the network with which it began.
  std::function<void(const RoundResult& result, const NetworkState& begun_with)> on_round = {};
};

/// Faults that a cluster has had; those that met a node that was not there are left out.
struct FaultCounts {
  std::int64_t client_crashes = 0;
  std::int64_t helper_crashes = 0;
  std::int64_t returns = 0;
  std::int64_t stalls = 0;
  std::int64_t aggregator_links = 0;  ///< that were cut
  std::int64_t helper_links = 0;      ///< likewise
  std::int64_t aggregator_restarts = 0;
  std::int64_t goodbyes = 0;
};

/// How a cluster is simulated; all times in microseconds.
struct SimulatedClusterSettings {
  std::int64_t rounds = 1;
  std::size_t minimum_clients = 1;
  OrderSettings orders;
  std::int32_t layers = 0;        ///< of the network
  Time message_delay = 0;         ///< of every message, where `times` does not say
  Time layer_time = 1;            ///< of layers whose pace is not emulated
  Time work_time = 0;             ///< of planning, and of averaging
  Time keepalive = 5'000'000;     ///< a node that has been silent for so long is lost
  Time retry = 500'000;           ///< from losing the aggregator until the next try to reach it
  std::optional<Time> join_wait;  ///< AggregatorSettings
  Time return_wait = 30'000'000;  ///< likewise
  StreamTimes times = {};
  ClusterWatch watch = {};
};

/// Aggregator, helpers and clients of an instance in one thread, under a virtual clock: the same state machines that
/// run for real, with messages, layers and time put in from outside. Nodes die and come back, stall, and lose their
/// links as they are told. Deterministic. O((messages + layers) log pending).
class SimulatedCluster {
 public:
  SimulatedCluster(const Instance& instance, const FollowedPlan& plan, SimulatedClusterSettings settings);
  ~SimulatedCluster();

  /// A message of a node's, as if it had sent it; of a client `to_helper`, else to the aggregator. What begins a stream
  /// comes on one of its own.
  void inject(Time instant, const NodeName& sender, bool to_helper, Message message);
  /// The node dies with all that it knows. What it had sent may be lost with it.
  void crash(Time instant, const NodeName& node, bool loses_what_is_on_the_way = true);
  /// It starts anew, where it is not there.
  void restart(Time instant, const NodeName& node);
  /// It does nothing for so long.
  void stall(Time instant, const NodeName& node, Time duration);
  /// The stream to the aggregator breaks; of a client `to_helper` the one to its helper.
  void cut(Time instant, const NodeName& node, bool to_helper);
  /// The aggregator dies, and starts `down_for` later from its last checkpoint.
  void restart_aggregator(Time instant, Time down_for);
  void end_early(Time instant);
  /// The node says goodbye to the aggregator.
  void leave(Time instant, const NodeName& node);

  /// Until nothing is left to happen, or until `most_events` have. Raises what a node raises at a message.
  void run(std::uint64_t most_events = UINT64_MAX);

  bool finished() const { return finished_; }
  Time finished_at() const { return finished_at_; }
  const std::string& failure() const { return failure_; }
  const std::vector<RoundResult>& results() const { return results_; }
  const NetworkState& network() const { return checkpoint_; }
  const FaultCounts& faults() const { return faults_; }

 private:
  struct Node;
  struct HelperNode;
  struct ClientNode;

  Node* named(const NodeName& name);
  ClientNode* client_named(const NodeName& name);
  void talk(const std::string& line) const;
  void talk_of(const NodeName& from, const NodeName& to, const Message& message) const;
  void start_aggregator();
  void connect(Node& node);
  void take(Node& node, Message message);
  void lose_aggregator(Node& node);
  void say_hello(Node& node);
  /// `happens` in the life that the node has now, when it does not stall.
  std::function<void()> in_life(Node& node, std::function<void()> happens);
  void end_stall(Node& node);
  void end(Node& node);
  void perform(AggregatorActions actions);
  void perform(HelperNode& helper, HelperActions actions);
  void perform(ClientNode& client, ClientActions actions);
  void open(ClientNode& client, const std::string& address);
  std::shared_ptr<SimulatedStream> stream_to(HelperNode& helper, const NodeName& from, StreamEnd opener);
  void refuse(HelperNode& helper, StreamNumber stream, const std::string& reason);
  void compute(HelperNode& helper, const HelperRun& run);
  void compute(ClientNode& client, const ClientRun& run);
  RoundOrders orders_of(const AttemptRequest& request);
  void conclude(RoundResult result);

  const Instance& instance_;
  const FollowedPlan& plan_;
  FollowedPlan followed_;
  SimulatedClusterSettings settings_;
  VirtualClock clock_;
  std::unique_ptr<AggregatorMachine> aggregator_;  // none while it is down
  std::uint64_t aggregator_life_ = 0;
  std::map<NodeStream, std::shared_ptr<SimulatedStream>> streams_;  // to the aggregator
  std::uint64_t next_stream_ = 0;
  std::vector<std::unique_ptr<HelperNode>> helpers_;
  std::vector<std::unique_ptr<ClientNode>> clients_;
  std::vector<RoundResult> results_;
  NetworkState checkpoint_;
  FaultCounts faults_;
  bool finished_ = false;
  Time finished_at_ = 0;
  std::string failure_;
};

}  // namespace splitlane::training
