#pragma once

#include <sys/types.h>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "training/client/client_node.hpp"
#include "training/helper/helper_node.hpp"
#include "training/session/node_limits.hpp"
#include "training/session/prepared_training.hpp"
#include "training/transport/connection.hpp"

namespace splitlane::training {

/// Of the streams between this training's nodes: on one of them the weights of all clients may wait at once. They wait
/// where they lie, not in a copy. Cost O(layers).
TransportLimits transport_limits(const PreparedTraining& training);

/// Where a node finds others, and they find it.
struct NodePlaces {
  std::string aggregator;
  std::string listen = {};                                 ///< of a helper
  std::string advertised = {};                             ///< of a helper: where clients reach it, if elsewhere
  std::shared_ptr<const NodeSecurity> security = nullptr;  ///< nullptr: streams are not encrypted
};

/// A helper or client of a training, by its position in the instance; the training must outlive it.
std::unique_ptr<HelperNode> make_helper_node(EventLoop& loop, const PreparedTraining& training, HelperIndex helper,
                                             const NodePlaces& places, std::function<void(std::string reason)> on_over);
std::unique_ptr<ClientNode> make_client_node(EventLoop& loop, const PreparedTraining& training, ClientIndex client,
                                             const NodePlaces& places, std::function<void(std::string reason)> on_over,
                                             std::function<void(std::int64_t round)> on_batch = {});

/// How a node's part in a training ended.
struct NodeEnd {
  bool has_left = false;  ///< the training goes on without it
  /// How the aggregator was lost; nullopt where it was not.
  std::optional<std::string> lost;
};

/// One node of a training in this process, until the training is over or the node has left. `node` is that of
/// `NodeProcesses`. `wants_to_leave` is asked ten times a second, until it says so once; then the node says goodbye.
/// Raises kUnknownId for a node that the instance does not have, kNoneFound where the aggregator ends the node's part
/// in the training, with its reason.
NodeEnd run_node(const PreparedTraining& training, const NodeName& node, const NodePlaces& places,
                 const std::function<bool()>& wants_to_leave = {});

/// Processes of a training's nodes: each runs `PROGRAM node TRAINING ROLE ID AGGREGATOR LISTEN`. All have ended when
/// the object is gone.
class NodeProcesses {
 public:
  /// Every process is held to its node's limit. The limits must outlive this.
  NodeProcesses(std::filesystem::path program, std::filesystem::path training, const NodeLimits& limits)
      : program_(std::move(program)), training_(std::move(training)), limits_(limits) {}
  NodeProcesses(const NodeProcesses&) = delete;
  NodeProcesses& operator=(const NodeProcesses&) = delete;
  ~NodeProcesses();

  /// Raises kFile where the program cannot be run, or its process cannot be limited.
  void start(const NodeName& node, const std::string& aggregator, const std::string& listen_address);
  /// A node whose process has ended, if any has.
  std::optional<NodeName> ended();
  /// Waits until all have ended by themselves, which they do when the training is over; after `seconds` ends them.
  void finish(double seconds);

 private:
  std::filesystem::path program_;
  std::filesystem::path training_;
  const NodeLimits& limits_;
  struct Running {
    pid_t process = 0;
    NodeName node;
  };
  std::vector<Running> running_;
};

}  // namespace splitlane::training
