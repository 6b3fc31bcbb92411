#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "training/limits/node_limit.hpp"
#include "training/limits/processor_group.hpp"
#include "training/protocol/node.hpp"

namespace splitlane::training {

/// Raises kUnknownId for a limit of a node that the instance does not have.
void require_known_nodes(const std::vector<NodeLimit>& limits, const Instance& instance);

/// Holds the processes of a training's nodes to their limits. The processes must have ended before it is gone.
class NodeLimits {
 public:
  /// Raises kOutOfRange for cores that are not there, kFile where the system does not let shares be limited.
  explicit NodeLimits(std::vector<NodeLimit> limits);

  std::vector<int> cores_of(const NodeName& node) const;
  /// A process of the node that has just been started. Its share is not limited before the first round begins, so that
  /// slow devices do not load their programs slowly. Raises kFile.
  void take_in(const NodeName& node, pid_t process) const;
  /// Gives every node the share of this round. May be called in any thread. Raises kFile.
  void begin_round(std::int64_t round) const;
  /// Lets all end as fast as they can.
  void lift() const;

 private:
  using Key = std::pair<bool, std::string>;  // whether it is a helper, and its id
  static Key key_of(const NodeName& node) { return {node.role == NodeRole::kHelper, node.id}; }

  std::vector<NodeLimit> limits_;  // by round
  std::map<Key, std::unique_ptr<ProcessorGroup>> groups_;
};

}  // namespace splitlane::training
