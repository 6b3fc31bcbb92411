#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "splitlane/error.hpp"
#include "support/random_cases.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/support/random_message.hpp"
#include "training/support/same_message.hpp"
#include "training/transport/frame_reader.hpp"
#include "training/transport/outgoing_message.hpp"

namespace {
// Only tensors ask for so much alignment.
std::atomic<std::size_t> aligned_bytes{0};
}  // namespace

void* operator new(std::size_t bytes, std::align_val_t alignment) {
  aligned_bytes += bytes;
  const auto unit = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(unit, (bytes + unit - 1) / unit * unit);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace splitlane::training {
namespace {

using splitlane::test::random_cases;
using test::kMessageKinds;
using test::Random;
using test::RandomMessage;
using ::testing::HasSubstr;

std::vector<grpc::ByteBuffer> frames_of(const Message& message, const TransportLimits& limits) {
  OutgoingMessage outgoing(message, limits);
  std::vector<grpc::ByteBuffer> frames;
  while (!outgoing.finished()) frames.push_back(outgoing.next_frame());
  return frames;
}

std::string bytes_of(const grpc::ByteBuffer& frame) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(frame.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

grpc::ByteBuffer frame_of(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

grpc::ByteBuffer frame_of(const v2::Frame& frame) { return frame_of(frame.SerializeAsString()); }

BatchTensor activations(TensorDescriptor descriptor, std::uint64_t seed = 1) {
  Random random(seed);
  BatchTensor tensor;
  tensor.client = ClientIndex(0);
  tensor.value = test::random_tensor(random, std::move(descriptor));
  return tensor;
}

/// Announces a tensor that nobody made.
grpc::ByteBuffer announcement(std::vector<std::int64_t> shape) {
  v2::Frame frame;
  to_wire(activations({DataType::kFloat32, {1}}), *frame.mutable_message());
  frame.mutable_message()->mutable_batch_tensor()->mutable_value()->mutable_shape()->Assign(shape.begin(), shape.end());
  return frame_of(frame);
}

grpc::ByteBuffer payload(std::size_t bytes) {
  v2::Frame frame;
  frame.set_payload(std::string(bytes, 'x'));
  return frame_of(frame);
}

std::string refusal(FrameReader& reader, const grpc::ByteBuffer& frame, const FrameReader::Announced& announced = {}) {
  try {
    reader.read(frame, announced);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(FramesTest, EveryMessageComesThroughInChunksOfAnySize) {
  for (std::uint64_t seed = 0; seed < random_cases(200); ++seed) {
    Random random(seed);
    TransportLimits limits;
    limits.chunk_bytes = static_cast<std::size_t>(random.between(1, 300));
    FrameReader reader(limits);
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind) {
      const Message sent = RandomMessage(random).of_kind(kind);
      std::vector<grpc::ByteBuffer> frames = frames_of(sent, limits);
      for (std::size_t at = 0; at < frames.size(); ++at) {
        const FrameReader::Result result = reader.read(frames[at], {});
        EXPECT_FALSE(result.end);
        ASSERT_EQ(result.message.has_value(), at + 1 == frames.size()) << "kind " << kind << ", seed " << seed;
        if (result.message) {
          EXPECT_TRUE(test::same_message(*result.message, sent)) << "kind " << kind << ", seed " << seed;
        }
      }
    }
  }
}

TEST(FramesTest, AnAnnouncementHasTypesAndShapesAndNoValues) {
  const BatchTensor sent = activations({DataType::kFloat32, {2, 3}});
  int asked = 0;
  FrameReader reader{TransportLimits()};
  for (const grpc::ByteBuffer& frame : frames_of(sent, {})) {
    reader.read(frame, [&](const Message& announced, const TensorDescriptor& descriptor) {
      ++asked;
      EXPECT_EQ(descriptor, sent.value.descriptor());
      EXPECT_EQ(std::get<BatchTensor>(announced).batch, sent.batch);
      EXPECT_TRUE(std::get<BatchTensor>(announced).value.empty());
    });
  }
  EXPECT_EQ(asked, 1);
}

TEST(FramesTest, ANetworkOfManySmallTensorsTakesTwoFrames) {
  PartWeights weights;
  weights.layers.resize(30);
  for (LayerState& layer : weights.layers) {
    for (int at = 0; at < 10; ++at) layer.push_back({"w", activations({DataType::kFloat32, {64}}).value});
  }
  // 300 tensors of 256 bytes are 76,800 bytes: one chunk behind the announcement.
  EXPECT_EQ(frames_of(weights, {}).size(), 2U);
}

TEST(FramesTest, ChunksAreOfTheSizeThatTheLimitsSay) {
  TransportLimits limits;
  limits.chunk_bytes = 1000;
  // 2,500 bytes: announcement, 1000, 1000, 500.
  EXPECT_EQ(frames_of(activations({DataType::kUint8, {2500}}), limits).size(), 4U);
}

TEST(FramesTest, TensorsAreSentFromWhereTheyLie) {
  const BatchTensor sent = activations({DataType::kFloat32, {1000}});
  std::vector<grpc::Slice> slices;
  ASSERT_TRUE(frames_of(sent, {}).at(1).Dump(&slices).ok());
  ASSERT_EQ(slices.size(), 2U);  // what says how long it is, and the values
  EXPECT_EQ(static_cast<const void*>(slices[1].begin()), static_cast<const void*>(sent.value.data().get()));
}

TEST(FramesTest, AFrameKeepsItsTensorsMemory) {
  std::vector<grpc::ByteBuffer> frames;
  std::weak_ptr<const std::byte> memory;
  {
    const BatchTensor sent = activations({DataType::kFloat32, {1000}});
    memory = sent.value.data();
    frames = frames_of(sent, {});
  }
  EXPECT_FALSE(memory.expired());
  frames.clear();
  EXPECT_TRUE(memory.expired());
}

TEST(FramesTest, GeneratedCodeReadsOurFramesAndWeReadItsOwn) {
  const BatchTensor sent = activations({DataType::kFloat32, {5}});
  const std::vector<grpc::ByteBuffer> frames = frames_of(sent, {});
  v2::Frame parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes_of(frames.at(1))));
  const auto values = sent.value.bytes();
  EXPECT_EQ(parsed.payload(), std::string(reinterpret_cast<const char*>(values.data()), values.size()));

  FrameReader reader{TransportLimits()};
  reader.read(frames.at(0), {});
  const FrameReader::Result result = reader.read(frame_of(parsed), {});
  ASSERT_TRUE(result.message);
  EXPECT_TRUE(test::same_message(*result.message, sent));
}

TEST(FramesTest, ARefusedTensorAllocatesNothing) {
  TransportLimits limits;
  FrameReader reader(limits);
  const grpc::ByteBuffer frame = announcement({1 << 20});
  const std::size_t before = aligned_bytes;
  const auto refuse = [](const Message&, const TensorDescriptor& descriptor) {
    throw Error(ErrorCode::kOutOfRange, {"memory", "no room", described(descriptor.type, descriptor.shape), ""});
  };
  EXPECT_THAT(refusal(reader, frame, refuse), HasSubstr("no room: got float32 [1048576]"));
  EXPECT_EQ(aligned_bytes, before);
  // Nor does an accepted one before its first values: 4 MiB then.
  FrameReader other(limits);
  other.read(frame, {});
  EXPECT_EQ(aligned_bytes, before);
  other.read(payload(1), {});
  EXPECT_EQ(aligned_bytes, before + (std::size_t{4} << 20));
}

TEST(FramesTest, ATensorPastTheLimitIsRefusedBeforeItIsAnnounced) {
  TransportLimits limits;
  limits.most_tensor_bytes = 1000;
  FrameReader reader(limits);
  // 251 * 4 = 1004 bytes
  EXPECT_THAT(refusal(reader, announcement({251}), [](const auto&, const auto&) { FAIL(); }),
              HasSubstr("at most 1000 bytes"));
  EXPECT_THROW(OutgoingMessage(activations({DataType::kUint8, {1001}}), limits), Error);
}

TEST(FramesTest, PayloadThatWasNotAnnouncedIsRefused) {
  FrameReader reader{TransportLimits()};
  EXPECT_THAT(refusal(reader, payload(1)), HasSubstr("payload that was not announced"));
  FrameReader another{TransportLimits()};
  another.read(announcement({2}), {});
  EXPECT_THAT(refusal(another, payload(9)), HasSubstr("got 9, expected at least 1, at most 8"));
  FrameReader third{TransportLimits()};
  third.read(announcement({2}), {});
  EXPECT_THAT(refusal(third, payload(0)), HasSubstr("got 0"));
}

TEST(FramesTest, AMessageBetweenATensorsChunksIsRefused) {
  FrameReader reader{TransportLimits()};
  reader.read(announcement({2}), {});
  reader.read(payload(3), {});
  EXPECT_THAT(refusal(reader, announcement({2})), HasSubstr("5 more bytes of payload"));
}

TEST(FramesTest, AFrameIsHeldToItsLimitToTheByte) {
  TransportLimits limits;
  limits.most_frame_bytes = bytes_of(payload(100)).size();
  FrameReader reader(limits);
  reader.read(announcement({50}), {});
  EXPECT_EQ(refusal(reader, payload(100)), "accepted");
  EXPECT_THAT(refusal(reader, payload(101)), HasSubstr("too large"));
  EXPECT_THROW(OutgoingMessage(Refused{1, 1, std::string(200, 'x')}, limits), Error);
}

TEST(FramesTest, BytesThatAreNoFrameAreRefused) {
  FrameReader reader{TransportLimits()};
  for (const std::string& bytes :
       {std::string(), std::string("garbage"), std::string(100, '\xff'), std::string(1, '\x12'),
        std::string("\x12\x05\x61", 3), std::string("\x12\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10)}) {
    EXPECT_THAT(refusal(reader, frame_of(bytes)), HasSubstr("not a frame")) << bytes.size();
  }
}

// Valid frames with bytes changed, dropped and doubled: an Error or a message, never a crash or a leak.
TEST(FramesTest, SpoiledFramesEndInAnErrorOrAMessage) {
  TransportLimits limits;
  limits.chunk_bytes = 64;
  limits.most_tensor_bytes = 1 << 20;
  int refused = 0;
  for (std::uint64_t seed = 0; seed < random_cases(4000); ++seed) {
    Random random(seed);
    FrameReader reader(limits);
    const auto kind = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(kMessageKinds) - 1));
    for (const grpc::ByteBuffer& frame : frames_of(RandomMessage(random).of_kind(kind), limits)) {
      std::string bytes = bytes_of(frame);
      for (std::int64_t changes = random.between(1, 3); changes > 0 && !bytes.empty(); --changes) {
        const auto at = static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(bytes.size()) - 1));
        switch (random.between(0, 2)) {
          case 0: bytes[at] = static_cast<char>(random.next()); break;
          case 1: bytes.erase(at, 1); break;
          default: bytes.insert(at, 1, bytes[at]); break;
        }
      }
      if (refusal(reader, frame_of(bytes)) != "accepted") {
        ++refused;
        break;
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(FramesTest, TheEndSaysWhy) {
  FrameReader reader{TransportLimits()};
  EXPECT_EQ(reader.read(end_frame("no memory"), {}).end, "no memory");
  EXPECT_EQ(reader.read(end_frame(""), {}).end, "");
}

}  // namespace
}  // namespace splitlane::training
