#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "training/aggregator/aggregator_machine.hpp"
#include "training/aggregator/expected_weights.hpp"
#include "training/loop/event_loop.hpp"
#include "training/loop/silent_streams.hpp"
#include "training/transport/connection.hpp"

namespace splitlane::training {

/// What an aggregator does between rounds, and after losses. Called on workers, one call at a time; what they raise
/// ends the training.
struct RoundWork {
  /// Plans the round, or what is left of it.
  std::function<RoundOrders(const AttemptRequest& request)> plan;
  /// Averages, evaluates and stores what came back; returns the network to go on with.
  std::function<NetworkState(RoundResult result)> conclude;
};

struct AggregatorNodeSettings {
  std::string listen_address;
  AggregatorSettings machine;
  TransportLimits limits;
  std::shared_ptr<const NodeSecurity> security = nullptr;  ///< nullptr: streams are not encrypted
  /// Called on the loop's thread when a node has said hello, and when it is no member any more: then with the reason,
  /// which is empty where the training is over. May be empty.
  std::function<void(const NodeName& node, bool is_there, const std::string& reason)> on_member = {};
};

/// The aggregator of a training: `AggregatorMachine` with streams, work between rounds and a clock around it.
class AggregatorNode {
 public:
  /// `on_over` is called once, on the loop's thread, when the training is over; with a reason when it ends before its
  /// last round. All of them must outlive the loop's run.
  AggregatorNode(EventLoop& loop, AggregatorNodeSettings settings, NetworkState network, RoundWork work,
                 std::function<void(std::string reason)> on_over);
  ~AggregatorNode();

  /// Listens for nodes; returns where. Raises what `listen` raises.
  std::string start();
  /// The training ends after the batch that is in progress. On the loop's thread.
  void end_early();
  /// The node is to leave, as if it had said goodbye. On the loop's thread, as are the next two.
  void release(const NodeName& node);
  /// Its stream ends, with the reason.
  void expel(const NodeName& node, const std::string& reason);
  std::vector<NodeName> nodes_there() const { return machine_.nodes_there(); }
  /// Whether any node has not ended its stream. On the loop's thread.
  bool has_streams() const { return !streams_.empty(); }

 private:
  ConnectionHandlers accept(std::shared_ptr<Connection> connection);
  void perform(AggregatorActions actions);
  void tell_membership(NodeStream stream, bool is_open, const std::string& reason);
  void plan(AttemptRequest request);
  void conclude(RoundResult result);

  EventLoop& loop_;
  AggregatorNodeSettings settings_;
  RoundWork work_;
  std::function<void(std::string)> on_over_;
  const ExpectedWeights expected_;
  AggregatorMachine machine_;
  std::atomic<NodeStream> next_stream_ = 0;
  std::map<NodeStream, std::shared_ptr<Connection>> streams_;
  std::map<NodeStream, NodeName> told_;  // that are there
  SilentStreams silent_;
  std::unique_ptr<Listener> listener_;
  bool is_over_ = false;
};

}  // namespace splitlane::training
