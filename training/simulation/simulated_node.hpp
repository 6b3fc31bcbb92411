#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "training/simulation/simulated_cluster.hpp"

namespace splitlane::training {

/// What a node of a simulated cluster has beside its machine.
struct SimulatedCluster::Node {
  explicit Node(NodeName its_name) : name(std::move(its_name)) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  NodeName name;
  bool is_up = true;
  bool is_stalled = false;
  std::uint64_t life = 0;
  std::deque<std::function<void()>> inbox = {};  // of a node that stalls
  std::shared_ptr<SimulatedStream> aggregator = {};
  bool computes = false;
};

struct SimulatedCluster::HelperNode : Node {
  HelperNode(const std::string& id, std::optional<Megabytes> memory_mb)
      : Node({NodeRole::kHelper, id}), memory(memory_mb), machine(id, 0, memory) {}

  std::optional<Megabytes> memory;
  HelperMachine machine;
  struct Stream {
    NodeName client;
    std::shared_ptr<SimulatedStream> stream;
  };
  std::map<StreamNumber, Stream> streams = {};
  std::map<ClientIndex, std::shared_ptr<NetworkState>> parts = {};
};

struct SimulatedCluster::ClientNode : Node {
  ClientNode(const std::string& id, std::int32_t layers) : Node({NodeRole::kClient, id}), machine(id, 0, layers) {}

  ClientMachine machine;
  std::shared_ptr<SimulatedStream> helper = {};
  std::uint64_t stream = 0;                                          // counts those to helpers
  std::map<std::int32_t, std::shared_ptr<NetworkState>> parts = {};  // by first layer
};

}  // namespace splitlane::training
