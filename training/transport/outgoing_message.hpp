#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <vector>

#include "training/transport/connection.hpp"

namespace splitlane::training {

/// A message on its way out, frame by frame: first the message with types and shapes, then the values of all its
/// tensors as one run of bytes, in chunks that begin and end anywhere. Frames point to the tensors and keep them alive.
class OutgoingMessage {
 public:
  /// Raises kMissingKey for a tensor without values, kOutOfRange past `most_frame_bytes` or `most_tensor_bytes`.
  OutgoingMessage(const Message& message, const TransportLimits& limits);

  /// Of all frames that are still to come.
  std::size_t bytes() const { return bytes_; }
  bool finished() const { return bytes_ == 0; }
  /// Only while not finished. Complexity: O(tensors in the frame).
  grpc::ByteBuffer next_frame();

 private:
  grpc::ByteBuffer next_payload();

  std::size_t chunk_bytes_;
  grpc::Slice head_;  // empty once it is sent
  std::vector<Tensor> tensors_;
  std::size_t tensor_ = 0;  // where the next frame begins: in which tensor,
  std::size_t offset_ = 0;  // and at which of its bytes
  std::size_t bytes_ = 0;
};

/// The frame that ends a stream, from the side that opened it.
grpc::ByteBuffer end_frame(const std::string& reason);

}  // namespace splitlane::training
