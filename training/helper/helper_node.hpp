#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/helper/helper_machine.hpp"
#include "training/loop/event_loop.hpp"
#include "training/loop/silent_streams.hpp"
#include "training/network/network.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/expected_tensors.hpp"

namespace splitlane::training {

struct HelperNodeSettings {
  std::string id;
  std::string listen_address;  ///< where clients reach it
  std::string aggregator_address;
  std::optional<Megabytes> memory_mb;
  std::uint64_t seed = 0;  ///< of the training
  std::int64_t batch = 1;  ///< samples
  OptimizerSettings optimizer;
  TransportLimits limits;
  std::string advertised_address = {};  ///< where clients reach it, if elsewhere; port 0: the one that it listens at
  std::shared_ptr<const NodeSecurity> security = nullptr;  ///< nullptr: streams are not encrypted
  std::vector<std::string> clients = {};                   ///< with security: ids, as in the instance
};

/// A helper of a training: `HelperMachine` with streams, parts and a clock around it.
class HelperNode {
 public:
  /// `on_over` is called once, on the loop's thread, when the training is over; with a reason when the aggregator is
  /// lost. All of them must outlive the loop's run.
  HelperNode(EventLoop& loop, std::shared_ptr<const Network> network, HelperNodeSettings settings,
             std::function<void(std::string reason)> on_over);
  ~HelperNode();

  /// Listens and says hello. Raises what `listen` raises.
  void start();
  /// Says goodbye; the node is over when the aggregator lets it go. On the loop's thread.
  void leave();
  /// Whether the training has gone on without it, once it is over.
  bool has_left() const { return has_left_; }

 private:
  void expect_tensors_of(const Message& message);
  std::string address_for_clients() const;
  /// Raises kInconsistent where a client joins as another.
  void require_own_name(const Join& join, const std::optional<NodeName>& peer) const;
  ConnectionHandlers accept(std::shared_ptr<Connection> connection);
  void perform(HelperActions actions);
  void send_result(HelperActions::Result result);
  void give_back(PartWeights message);
  void compute(HelperRun run);
  void over(const std::string& reason);

  EventLoop& loop_;
  std::shared_ptr<const Network> network_;
  HelperNodeSettings settings_;
  std::function<void(std::string)> on_over_;
  HelperMachine machine_;
  ExpectedTensors expected_;
  std::map<ClientIndex, std::shared_ptr<Part>> parts_;
  std::atomic<StreamNumber> next_stream_ = 0;
  std::map<StreamNumber, std::shared_ptr<Connection>> streams_;
  SilentStreams silent_;
  std::shared_ptr<Connection> aggregator_;
  std::unique_ptr<Listener> listener_;
  bool is_over_ = false;
  bool has_left_ = false;
};

}  // namespace splitlane::training
