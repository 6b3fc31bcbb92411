#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/instance/instance.hpp"
#include "training/aggregator/aggregator_machine.hpp"
#include "training/client/client_machine.hpp"
#include "training/helper/helper_machine.hpp"
#include "training/session/round_orders.hpp"

namespace splitlane::training {

/// How a cluster is simulated.
struct SimulatedClusterSettings {
  std::int64_t rounds = 1;
  OrderSettings orders;     ///< `round` is filled in
  std::int32_t layers = 0;  ///< of the network
  Time message_delay = 0;   ///< of every message, in microseconds
  Time layer_time = 1;      ///< of layers whose pace is not emulated
  /// Hears of every message when it arrives and of every step that is computed, a line each without an end.
  std::function<void(Time instant, const std::string& line)> on_talk;
};

/// Aggregator, helpers and clients of an instance in one thread, under a virtual clock: the same state machines that
/// run for real, with messages, layers and time put in from outside. Deterministic: what is due at one instant happens
/// in the order in which it was asked for. O((messages + layers) log pending).
class SimulatedCluster {
 public:
  SimulatedCluster(const Instance& instance, const FollowedPlan& plan, SimulatedClusterSettings settings);
  ~SimulatedCluster();

  /// A message of a node's, as if it had sent it; of a client `to_helper`, else to the aggregator.
  void inject(Time instant, const NodeName& sender, bool to_helper, Message message);
  /// The node is gone from then on: its streams end.
  void lose(Time instant, const NodeName& node);
  void end_early(Time instant);

  /// Until nothing is left to happen.
  void run();

  bool finished() const { return finished_; }
  const std::string& failure() const { return failure_; }
  const std::vector<RoundResult>& results() const { return results_; }

 private:
  struct HelperNode;
  struct ClientNode;
  struct Event {
    Time instant = 0;
    std::uint64_t number = 0;
    std::function<void()> happens;
  };
  struct Later {
    bool operator()(const Event& left, const Event& right) const {
      return left.instant != right.instant ? left.instant > right.instant : left.number > right.number;
    }
  };

  void at(Time instant, std::function<void()> happens);
  void talk(const std::string& line) const;
  void deliver(const NodeName& from, const NodeName& to, Message message, std::function<void(Message)> take);
  void perform(AggregatorActions actions);
  void perform(HelperNode& helper, HelperActions actions);
  void perform(ClientNode& client, ClientActions actions);
  void send_to_aggregator(const NodeName& from, NodeStream stream, Message message);
  void send_to_helper(ClientNode& client, Message message);
  void send_to_client(HelperNode& helper, StreamNumber stream, BatchTensor message);
  void compute(HelperNode& helper, const HelperRun& run);
  void compute(ClientNode& client, const ClientRun& run);

  const Instance& instance_;
  const FollowedPlan& plan_;
  SimulatedClusterSettings settings_;
  AggregatorMachine aggregator_;
  std::vector<std::unique_ptr<HelperNode>> helpers_;
  std::vector<std::unique_ptr<ClientNode>> clients_;
  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint64_t next_event_ = 0;
  Time now_ = 0;
  std::vector<RoundResult> results_;
  bool finished_ = false;
  std::string failure_;
};

}  // namespace splitlane::training
