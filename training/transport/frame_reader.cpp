#include "training/transport/frame_reader.hpp"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include "splitlane/error.hpp"
#include "training/protocol/field_rules.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"

namespace splitlane::training {

namespace {

namespace pb = google::protobuf;

constexpr std::uint32_t kPayloadTag =
    (v2::Frame::kPayloadFieldNumber << 3) | pb::internal::WireFormatLite::WIRETYPE_LENGTH_DELIMITED;

[[noreturn]] void not_a_frame() {
  throw Error(ErrorCode::kWrongFormat, {"frame", "not a frame of splitlane.training.v2", "", ""});
}

/// Whether nothing but `Frame.payload` is in it, so that its bytes can go straight to where they belong.
bool is_payload(const grpc::ByteBuffer& frame) {
  grpc::ByteBuffer shared(frame);  // the reader wants to change it, the slices stay where they are
  grpc::ProtoBufferReader bytes(&shared);
  return pb::io::CodedInputStream(&bytes).ReadTag() == kPayloadTag;
}

}  // namespace

FrameReader::Result FrameReader::read(const grpc::ByteBuffer& frame, const Announced& announced) {
  if (frame.Length() > limits_.most_frame_bytes) {
    throw Error(ErrorCode::kOutOfRange, {"frame", "too large, in bytes", std::to_string(frame.Length()),
                                         fmt::format("at most {}", limits_.most_frame_bytes)});
  }
  if (is_payload(frame)) return fill(frame);

  grpc::ByteBuffer shared(frame);
  grpc::ProtoBufferReader bytes(&shared);
  v2::Frame content;
  const pb::LogSilencer silent;  // protobuf would print what a peer did wrong
  if (!bytes.status().ok() || !content.ParseFromZeroCopyStream(&bytes)) not_a_frame();
  if (content.has_end()) {
    check_fields(content);
    return {std::nullopt, content.end().reason()};
  }
  if (!content.has_message() || !content.GetReflection()->GetUnknownFields(content).empty()) not_a_frame();
  if (message_) {
    throw Error(ErrorCode::kInconsistent, {"frame", "a message before the last one's tensors are complete", "",
                                           fmt::format("{} more bytes of payload", left_)});
  }
  return begin(from_wire(content.message(), limits_.most_tensor_bytes), announced);
}

FrameReader::Result FrameReader::begin(Message message, const Announced& announced) {
  for (const Tensor* tensor : tensors_of(std::as_const(message))) {
    if (announced) announced(message, tensor->descriptor());
    left_ += tensor->descriptor().bytes();
  }
  message_ = std::move(message);
  tensors_ = tensors_of(*message_);
  tensor_ = 0;
  return finish_if_complete();
}

FrameReader::Result FrameReader::fill(const grpc::ByteBuffer& frame) {
  grpc::ByteBuffer shared(frame);
  grpc::ProtoBufferReader bytes(&shared);
  pb::io::CodedInputStream input(&bytes);
  std::uint64_t size = 0;
  if (input.ReadTag() != kPayloadTag || !input.ReadVarint64(&size)) not_a_frame();
  if (size != frame.Length() - static_cast<std::size_t>(input.CurrentPosition())) not_a_frame();
  if (size > left_ || size == 0) {
    throw Error(ErrorCode::kInconsistent, {"frame", "payload that was not announced, in bytes", std::to_string(size),
                                           fmt::format("at least 1, at most {}", left_)});
  }
  left_ -= size;
  while (size > 0) {
    make_room();
    const std::span<std::byte> room = buffer_->bytes().subspan(filled_);
    const std::size_t here = std::min<std::size_t>(room.size(), size);
    if (!input.ReadRaw(room.data(), static_cast<int>(here))) not_a_frame();
    filled_ += here;
    size -= here;
    if (here == room.size()) {
      *tensors_[tensor_++] = std::move(*buffer_).finished();
      buffer_.reset();
    }
  }
  return finish_if_complete();
}

/// Goes past tensors of no bytes to the one that the next byte belongs to.
void FrameReader::make_room() {
  while (!buffer_) {
    const TensorDescriptor& descriptor = tensors_[tensor_]->descriptor();
    const std::size_t bytes = descriptor.bytes();
    try {
      buffer_.emplace(descriptor);
    } catch (const std::bad_alloc&) {
      throw Error(ErrorCode::kOutOfRange,
                  {"frame", "no memory for a tensor", described(descriptor.type, descriptor.shape), ""});
    }
    filled_ = 0;
    if (bytes == 0) {
      *tensors_[tensor_++] = std::move(*buffer_).finished();
      buffer_.reset();
    }
  }
}

FrameReader::Result FrameReader::finish_if_complete() {
  if (left_ > 0) return {};
  while (tensor_ < tensors_.size()) {
    *tensors_[tensor_] = TensorBuffer(tensors_[tensor_]->descriptor()).finished();
    ++tensor_;
  }
  tensors_.clear();
  return {std::exchange(message_, std::nullopt), std::nullopt};
}

}  // namespace splitlane::training
