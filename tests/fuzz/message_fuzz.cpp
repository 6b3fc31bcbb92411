// Any bytes as frames of a stream: the reader accepts or throws Error, and what it accepts can be written and read
// again. The first byte of each frame says how many of the bytes that follow are its own.
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

#include "splitlane/error.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/transport/frame_reader.hpp"

namespace {

using splitlane::training::FrameReader;
using splitlane::training::Message;

// Of tensors, so that no input is slow for the room that it makes.
constexpr std::size_t kMostBytes = 1 << 16;

void require_same_again(const Message& message) {
  splitlane::training::v2::Message wire;
  splitlane::training::to_wire(message, wire);
  const Message again = splitlane::training::from_wire(wire, kMostBytes);
  if (again.index() != message.index()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  splitlane::training::TransportLimits limits;
  limits.most_tensor_bytes = kMostBytes;
  FrameReader reader(limits);
  try {
    while (size > 0) {
      // 255: all that is left.
      const std::size_t length =
          data[0] == std::numeric_limits<std::uint8_t>::max() ? size - 1 : std::min<std::size_t>(data[0], size - 1);
      const grpc::Slice slice(data + 1, length);
      const FrameReader::Result result = reader.read(grpc::ByteBuffer(&slice, 1), {});
      if (result.message) require_same_again(*result.message);
      if (result.end) return 0;
      data += 1 + length;
      size -= 1 + length;
    }
  } catch (const splitlane::Error&) {
    return 0;
  }
  return 0;
}
