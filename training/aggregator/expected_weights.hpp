#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "training/network/state.hpp"
#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// What the weights of each layer look like, by which an aggregator refuses others before they get into an average.
/// Any thread.
class ExpectedWeights {
 public:
  explicit ExpectedWeights(const NetworkState& network);

  /// Before there is room for its values: raises kInconsistent for a tensor of any message that is no PartWeights, and
  /// for one that has more bytes than the network's largest.
  void require_room(const Message& announced, const TensorDescriptor& descriptor) const;

  /// Raises kInconsistent for tensors of other names, types or shapes than those layers have, and for layers that the
  /// network has not. Complexity: O(tensors).
  void require(const PartWeights& weights) const;

 private:
  std::vector<std::vector<std::pair<std::string, TensorDescriptor>>> layers_;
  std::size_t most_bytes_ = 0;
};

}  // namespace splitlane::training
