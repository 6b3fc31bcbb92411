#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// A node's stream, by a number that the adapter gives and never uses again.
using NodeStream = std::uint64_t;

/// Which of a training's nodes are there, and on which stream. O(nodes) a hello, O(log nodes) otherwise.
class Members {
 public:
  struct Member {
    NodeName name;
    std::size_t index = 0;  ///< of the client or helper in the instance
    std::optional<NodeStream> stream = {};
    std::string address = {};
    bool leaves = false;  ///< when it has brought to an end what it has begun
  };

  Members(const std::vector<std::string>& clients, const std::vector<std::string>& helpers);

  /// Raises kWrongFormat for another version of the protocol, kUnknownId for a node that is none of this training's,
  /// and kDuplicateId for one that is there already.
  const Member& join(NodeStream stream, const Hello& hello);
  /// nullptr where no node has said hello on the stream.
  const Member* of(NodeStream stream) const;
  void leave(NodeStream stream);
  /// Raises kUnknownId.
  const Member& named(const NodeName& node) { return of_name(node); }
  /// The node is to leave when it has brought to an end what it has begun. Raises kUnknownId.
  const Member& let_leave(const NodeName& node);

  const std::vector<Member>& clients() const { return clients_; }
  const std::vector<Member>& helpers() const { return helpers_; }
  bool all_there() const { return streams_.size() == clients_.size() + helpers_.size(); }
  std::size_t clients_there() const;

 private:
  Member& of_name(const NodeName& node);

  std::vector<Member> clients_, helpers_;
  std::map<NodeStream, NodeName> streams_;
};

}  // namespace splitlane::training
