#include "training/transport/expected_tensors.hpp"

#include <algorithm>

#include "splitlane/error.hpp"
#include "training/protocol/unexpected.hpp"

namespace splitlane::training {

namespace {

// The last batch of a pass may be a short one.
bool fits(const TensorDescriptor& got, const TensorDescriptor& expected) {
  return got.type == expected.type && got.shape.size() == expected.shape.size() && !got.shape.empty() &&
         got.shape[0] >= 1 && got.shape[0] <= expected.shape[0] &&
         std::equal(got.shape.begin() + 1, got.shape.end(), expected.shape.begin() + 1);
}

}  // namespace

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
  if (!fits(descriptor, found->second)) {
    throw Error(ErrorCode::kInconsistent,
                {"tensor", "of another type or shape than the network and the cut say",
                 described(descriptor.type, descriptor.shape), described(found->second.type, found->second.shape)});
  }
}

}  // namespace splitlane::training
