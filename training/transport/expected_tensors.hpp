#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// Which shapes a node may be sent in a round, so that a peer cannot make it hold anything else. Filled on the loop's
/// thread when an order comes, asked on the transport's before a tensor is received.
class ExpectedTensors {
 public:
  void clear();
  void expect(ClientIndex client, BatchTensorKind kind, TensorDescriptor descriptor);
  /// Raises kInconsistent for a tensor of another shape (fewer samples will do), or one that is not expected at all.
  /// Messages without batch tensors pass.
  void require(const Message& announced, const TensorDescriptor& descriptor) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<ClientIndex, BatchTensorKind>, TensorDescriptor> expected_;
};

}  // namespace splitlane::training
