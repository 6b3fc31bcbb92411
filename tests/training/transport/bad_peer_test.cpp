#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>

#include "support/random_cases.hpp"
#include "training/protocol/training.pb.h"
#include "training/protocol/wire.hpp"
#include "training/support/random_message.hpp"
#include "training/support/raw_stream.hpp"
#include "training/support/stream_ends.hpp"

namespace splitlane::training {
namespace {

using splitlane::test::random_cases;
using test::End;
using test::Node;
using test::Random;
using test::RawStream;
using test::SocketFolder;
using ::testing::AnyOf;
using ::testing::HasSubstr;

std::string announced_bytes(std::int64_t bytes) {
  BatchTensor tensor;
  tensor.client = ClientIndex(0);
  tensor.value = TensorBuffer({DataType::kUint8, {1}}).finished();
  v2::Frame frame;
  to_wire(tensor, *frame.mutable_message());
  frame.mutable_message()->mutable_batch_tensor()->mutable_value()->set_shape(0, bytes);
  return frame.SerializeAsString();
}

std::string payload_bytes(std::size_t bytes) {
  v2::Frame frame;
  frame.set_payload(std::string(bytes, 'x'));
  return frame.SerializeAsString();
}

class BadPeerTest : public ::testing::Test {
 protected:
  /// A peer that behaves, beside the one that does not.
  void SetUp() override {
    test::open(good_, node_.address());
    node_.end(0);
  }
  void TearDown() override {
    good_.connection->send(Ready{7});
    EXPECT_EQ(node_.end(0).messages(1).size(), 1U);
    EXPECT_EQ(node_.end(0).times_closed(), 0U);
    EXPECT_EQ(good_.times_closed(), 0U);
  }

  /// The reason that both sides see after these frames.
  void expect_refused(const std::vector<std::string>& frames, const std::string& reason) {
    RawStream peer(node_.address());
    End& end = node_.end(++streams_);
    for (const std::string& frame : frames) peer.send(frame);
    EXPECT_THAT(end.reason(), HasSubstr(reason));
    EXPECT_THAT(peer.status().error_message(), HasSubstr(reason));
    EXPECT_EQ(end.times_closed(), 1U);
  }

  SocketFolder folder_;
  End good_;
  Node node_{folder_.address()};
  std::size_t streams_ = 0;
};

TEST_F(BadPeerTest, GarbageIsRefused) {
  expect_refused({"garbage"}, "not a frame");
  expect_refused({""}, "not a frame");
  expect_refused({std::string(100000, '\x12')}, "not a frame");
}

TEST_F(BadPeerTest, RandomBytesAreRefused) {
  for (std::uint64_t seed = 0; seed < random_cases(80); ++seed) {
    Random random(seed);
    std::string bytes(static_cast<std::size_t>(random.between(1, 200)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.next());
    RawStream peer(node_.address());
    End& end = node_.end(++streams_);
    peer.send(bytes);
    EXPECT_NE(end.reason(), "");
    EXPECT_FALSE(peer.status().ok());
  }
}

TEST_F(BadPeerTest, PayloadOutOfOrderIsRefused) {
  expect_refused({payload_bytes(10)}, "payload that was not announced");
  expect_refused({announced_bytes(5), payload_bytes(6)}, "payload that was not announced");
  expect_refused({announced_bytes(5), payload_bytes(2), announced_bytes(5)}, "3 more bytes of payload");
}

TEST_F(BadPeerTest, ATensorOfImpossibleSizeIsRefusedByName) {
  expect_refused({announced_bytes(-1)}, "batch_tensor.value.shape[0]");
  expect_refused({announced_bytes(std::int64_t{1} << 50)}, "batch_tensor.value");
}

TEST_F(BadPeerTest, AFrameOverTheLimitIsRefused) {
  // 8 MiB are allowed, and the frame has a few bytes more.
  expect_refused({announced_bytes(16 << 20), payload_bytes(8 << 20)}, "too large");
}

TEST_F(BadPeerTest, AFrameFarOverTheLimitEndsTheStream) {
  RawStream peer(node_.address());
  End& end = node_.end(++streams_);
  peer.send(payload_bytes(40 << 20));
  EXPECT_THAT(peer.status().error_message(), HasSubstr("larger than max"));
  EXPECT_NE(end.reason(), "");
}

TEST_F(BadPeerTest, APeerThatDiesWithinATensorLeavesNoMessage) {
  RawStream peer(node_.address());
  End& end = node_.end(++streams_);
  EXPECT_TRUE(peer.send(announced_bytes(1000)));
  EXPECT_TRUE(peer.send(payload_bytes(500)));
  peer.cancel();
  EXPECT_THAT(end.reason(), HasSubstr("gone"));
  EXPECT_EQ(end.messages_so_far(), 0U);
}

TEST_F(BadPeerTest, AnotherServiceIsNotThere) {
  RawStream peer(node_.address(), "/splitlane.training.v9.Nodes/Exchange");
  EXPECT_EQ(peer.status().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

/// Passes bytes between one client and a port until it is told to keep everything to itself, as a cable that is cut.
class Cable {
 public:
  explicit Cable(int port) {
    listening_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = local(0);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listening_, 1), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, port] { pass(port); });
  }
  ~Cable() {
    over_ = true;
    thread_.join();
    ::close(listening_);
  }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void cut() { cut_ = true; }

 private:
  static sockaddr_in local(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  void pass(int port) {
    constexpr int tick_ms = 10;
    pollfd waiting{listening_, POLLIN, 0};
    while (!over_ && ::poll(&waiting, 1, tick_ms) <= 0) {
    }
    if (over_) return;
    const int client = ::accept(listening_, nullptr, nullptr);
    const int server = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = local(port);
    EXPECT_EQ(::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    std::array<char, 65536> bytes{};
    bool open = true;
    while (!over_ && open) {
      if (cut_) {
        std::this_thread::sleep_for(std::chrono::milliseconds(tick_ms));
        continue;
      }
      ::poll(both.data(), both.size(), tick_ms);
      for (std::size_t side = 0; side < both.size() && open; ++side) {
        if ((both[side].revents & (POLLIN | POLLHUP)) == 0) continue;
        const ssize_t count = ::read(both[side].fd, bytes.data(), bytes.size());
        open = count > 0 &&
               ::send(both[1 - side].fd, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
      }
    }
    ::close(client);
    ::close(server);
  }

  int listening_ = -1;
  int port_ = 0;
  std::atomic<bool> cut_ = false;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

TEST(KeepaliveTest, ACutCableIsNoticedOnBothSides) {
  TransportLimits limits;
  limits.keepalive_s = 0.2;
  limits.keepalive_timeout_s = 0.2;
  End client;
  Node node("127.0.0.1:0", limits);
  Cable cable(std::stoi(node.address().substr(node.address().rfind(':') + 1)));
  test::open(client, cable.address(), limits);
  client.connection->send(Ready{1});
  EXPECT_EQ(node.end().messages(1).size(), 1U);
  cable.cut();
  EXPECT_THAT(client.reason(), HasSubstr("is gone"));
  EXPECT_THAT(node.end().reason(), HasSubstr("is gone"));
}

TEST(KeepaliveTest, APeerThatIsSilentButThereIsKept) {
  TransportLimits limits;
  limits.keepalive_s = 0.05;
  limits.keepalive_timeout_s = 20;
  End client;
  Node node("127.0.0.1:0", limits);
  test::open(client, node.address(), limits);
  node.end();
  // Time for some twenty questions, more than a peer may ask by gRPC's defaults.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  client.connection->send(Ready{1});
  EXPECT_EQ(node.end().messages(1).size(), 1U);
  EXPECT_EQ(client.times_closed(), 0U);
}

}  // namespace
}  // namespace splitlane::training
