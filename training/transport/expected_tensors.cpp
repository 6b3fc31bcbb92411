#include "training/transport/expected_tensors.hpp"

#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

void ExpectedTensors::clear() {
  const std::scoped_lock lock(mutex_);
  expected_.clear();
}

void ExpectedTensors::expect(ClientIndex client, BatchTensorKind kind, TensorDescriptor descriptor) {
  const std::scoped_lock lock(mutex_);
  expected_.insert_or_assign({client, kind}, std::move(descriptor));
}

void ExpectedTensors::require(const Message& announced, const TensorDescriptor& descriptor) const {
  const auto* tensor = std::get_if<BatchTensor>(&announced);
  if (tensor == nullptr) return;
  const std::scoped_lock lock(mutex_);
  const auto found = expected_.find({tensor->client, tensor->kind});
  if (found == expected_.end()) {
    throw Error(ErrorCode::kInconsistent, {"tensor", "not expected here", described(*tensor), ""});
  }
  if (found->second != descriptor) {
    throw Error(ErrorCode::kInconsistent,
                {"tensor", "of another type or shape than the network and the cut say",
                 described(descriptor.type, descriptor.shape), described(found->second.type, found->second.shape)});
  }
}

}  // namespace splitlane::training
