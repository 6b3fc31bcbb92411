#include "training/transport/outgoing_message.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string>

#include "base/assert.hpp"
#include "splitlane/error.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"

namespace splitlane::training {

namespace {

namespace pb = google::protobuf;

static_assert(std::endian::native == std::endian::little, "values travel as they lie in memory");

grpc::Slice serialized(const v2::Frame& frame) {
  const std::size_t bytes = frame.ByteSizeLong();
  grpc::Slice slice(bytes);
  frame.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  return slice;
}

/// What stands before the bytes of Frame.payload.
grpc::Slice payload_head(std::size_t bytes) {
  std::array<std::uint8_t, 16> head{};
  const std::uint32_t tag = pb::internal::WireFormatLite::MakeTag(
      v2::Frame::kPayloadFieldNumber, pb::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  std::uint8_t* end = pb::io::CodedOutputStream::WriteTagToArray(tag, head.data());
  end = pb::io::CodedOutputStream::WriteVarint64ToArray(bytes, end);
  return {head.data(), static_cast<std::size_t>(end - head.data())};
}

/// Bytes of a tensor, without copying: the slice keeps the tensor's memory.
grpc::Slice piece(const Tensor& tensor, std::size_t offset, std::size_t bytes) {
  auto keeper = std::make_unique<std::shared_ptr<const std::byte>>(tensor.data());
  void* data = const_cast<std::byte*>(tensor.data().get() + offset);
  return {data, bytes, [](void* kept) { delete static_cast<std::shared_ptr<const std::byte>*>(kept); },
          keeper.release()};
}

}  // namespace

OutgoingMessage::OutgoingMessage(const Message& message, const TransportLimits& limits)
    : chunk_bytes_(limits.chunk_bytes) {
  v2::Frame frame;
  to_wire(message, *frame.mutable_message());
  if (frame.ByteSizeLong() > limits.most_frame_bytes) {
    throw Error(ErrorCode::kOutOfRange,
                {"message", "larger than a frame may be, in bytes without tensors' values",
                 std::to_string(frame.ByteSizeLong()), fmt::format("at most {}", limits.most_frame_bytes)});
  }
  for (const Tensor* tensor : tensors_of(message)) {
    bytes_ += tensor->bytes().size();
    if (!tensor->bytes().empty()) tensors_.push_back(*tensor);
  }
  if (bytes_ > limits.most_tensor_bytes) {
    throw Error(ErrorCode::kOutOfRange, {"message", "tensors larger than a message may carry, in bytes",
                                         std::to_string(bytes_), fmt::format("at most {}", limits.most_tensor_bytes)});
  }
  head_ = serialized(frame);
  bytes_ += head_.size();
}

grpc::ByteBuffer OutgoingMessage::next_frame() {
  SPLITLANE_ASSERT(!finished());
  if (head_.size() == 0) return next_payload();
  bytes_ -= head_.size();
  grpc::ByteBuffer frame(&head_, 1);
  head_ = grpc::Slice();
  return frame;
}

grpc::ByteBuffer OutgoingMessage::next_payload() {
  const std::size_t chunk = std::min(chunk_bytes_, bytes_);
  bytes_ -= chunk;
  std::vector<grpc::Slice> slices{payload_head(chunk)};
  for (std::size_t left = chunk; left > 0;) {
    const Tensor& tensor = tensors_[tensor_];
    const std::size_t bytes = std::min(left, tensor.bytes().size() - offset_);
    slices.push_back(piece(tensor, offset_, bytes));
    left -= bytes;
    offset_ += bytes;
    if (offset_ == tensor.bytes().size()) {
      tensors_[tensor_++] = Tensor();  // its frames keep it from here
      offset_ = 0;
    }
  }
  return {slices.data(), slices.size()};
}

grpc::ByteBuffer end_frame(const std::string& reason) {
  v2::Frame frame;
  frame.mutable_end()->set_reason(reason);
  const grpc::Slice slice = serialized(frame);
  return {&slice, 1};
}

}  // namespace splitlane::training
