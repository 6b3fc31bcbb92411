#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "training/transport/connection.hpp"

namespace splitlane::training {

/// Makes messages of the frames of one stream. Nothing in a frame is trusted.
class FrameReader {
 public:
  using Announced = std::function<void(const Message& announced, const TensorDescriptor& descriptor)>;

  /// What a frame brought to its end, if anything.
  struct Result {
    std::optional<Message> message;
    std::optional<std::string> end;  ///< the peer ended the stream, and why
  };

  explicit FrameReader(const TransportLimits& limits) : limits_(limits) {}

  /// `announced` (may be empty) is asked for each tensor of a message, before there is room for any of them; room is
  /// made when the tensor's first values come. Raises what `announced` does; kOutOfRange for a frame, a tensor or a
  /// number past its limit and where memory runs out; kWrongFormat for bytes that are no frame; kInconsistent for a
  /// frame that does not follow from the one before; and what `from_wire` raises. Useless afterwards.
  Result read(const grpc::ByteBuffer& frame, const Announced& announced);

 private:
  Result begin(Message message, const Announced& announced);
  Result fill(const grpc::ByteBuffer& frame);
  void make_room();
  Result finish_if_complete();

  TransportLimits limits_;
  std::optional<Message> message_;      // announced, with values still to come
  std::vector<Tensor*> tensors_;        // of message_
  std::size_t tensor_ = 0;              // that is filled in
  std::optional<TensorBuffer> buffer_;  // of that tensor, once its first bytes are there
  std::size_t filled_ = 0;              // bytes of it
  std::size_t left_ = 0;                // bytes of all tensors that are still to come
};

}  // namespace splitlane::training
