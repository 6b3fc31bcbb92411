#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "training/client/client_machine.hpp"
#include "training/loop/event_loop.hpp"
#include "training/network/network.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/expected_tensors.hpp"

namespace splitlane::training {

/// Samples of one batch and their labels.
struct Samples {
  Tensor inputs;
  Tensor labels;
};

struct ClientNodeSettings {
  std::string id;
  std::string aggregator_address;
  std::uint64_t seed = 0;  ///< of the training
  std::int64_t batch = 1;  ///< samples
  OptimizerSettings optimizer;
  TransportLimits limits;
  /// The client's data. Called on workers.
  std::function<Samples(const BatchKey& key)> samples;
  /// Hears of each batch that has ended, on the loop's thread. May be empty.
  std::function<void(std::int64_t round)> on_batch;
  std::shared_ptr<const NodeSecurity> security = nullptr;  ///< nullptr: streams are not encrypted
  std::vector<std::string> helpers = {};                   ///< with security: ids, as in the instance
};

/// A client of a training: `ClientMachine` with streams, parts, data and a clock around it.
class ClientNode {
 public:
  /// `on_over` is called once, on the loop's thread, when the training is over; with a reason when the aggregator is
  /// lost. All of them must outlive the loop's run.
  ClientNode(EventLoop& loop, std::shared_ptr<const Network> network, ClientNodeSettings settings,
             std::function<void(std::string reason)> on_over);
  ~ClientNode();

  /// Says hello.
  void start();
  /// Says goodbye; the node is over when the aggregator lets it go. On the loop's thread.
  void leave();
  /// Whether the training has gone on without it, once it is over.
  bool has_left() const { return has_left_; }

 private:
  void take(Message message);
  void perform(ClientActions actions);
  void open(const std::string& address);
  void give_back(PartWeights message);
  void compute(ClientRun run);
  void compute_step(ClientRun run);
  /// On a worker. Says when each layer ended.
  std::vector<Time> computed(const ClientRun& run, StepEnd& end);
  void over(const std::string& reason);

  EventLoop& loop_;
  std::shared_ptr<const Network> network_;
  ClientNodeSettings settings_;
  std::function<void(std::string)> on_over_;
  ClientMachine machine_;
  ExpectedTensors expected_;
  std::shared_ptr<Part> part_1_;  // of a local client, all layers
  std::shared_ptr<Part> part_3_;
  HelperIndex helper_index_ = HelperIndex::none();  // of the order
  Tensor labels_;                                   // of the batch in progress; workers hand them from step to step
  std::shared_ptr<Connection> helper_;
  std::uint64_t stream_ = 0;  // the number of the stream to a helper; what comes of an earlier one counts no more
  std::shared_ptr<Connection> aggregator_;
  bool is_over_ = false;
  bool has_left_ = false;
};

}  // namespace splitlane::training
