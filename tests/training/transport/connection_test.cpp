#include "training/transport/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "splitlane/error.hpp"
#include "support/random_cases.hpp"
#include "training/support/random_message.hpp"
#include "training/support/same_message.hpp"
#include "training/support/stream_ends.hpp"

namespace splitlane::training {
namespace {

using splitlane::test::random_cases;
using test::End;
using test::kMessageKinds;
using test::Node;
using test::Random;
using test::RandomMessage;
using test::SocketFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

BatchTensor batch_tensor(std::int64_t batch, std::int64_t bytes) {
  Random random(static_cast<std::uint64_t>(batch));
  BatchTensor tensor;
  tensor.client = ClientIndex(0);
  tensor.batch = batch;
  tensor.value = test::random_tensor(random, {DataType::kUint8, {bytes}});
  return tensor;
}

class ConnectionTest : public ::testing::TestWithParam<bool> {
 protected:
  /// A Unix socket, or a port of this machine that is free.
  std::string address() const { return GetParam() ? folder_.address() : "127.0.0.1:0"; }

  SocketFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Addresses, ConnectionTest, ::testing::Bool(),
                         [](const auto& of_case) { return of_case.param ? "Unix" : "Tcp"; });

TEST_P(ConnectionTest, EveryKindOfMessageGoesBothWays) {
  End client;
  Node node(address());
  test::open(client, node.address());
  Random random(1);
  std::vector<Message> sent;
  for (std::uint64_t round = 0; round < random_cases(80); ++round) {
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind) sent.push_back(RandomMessage(random).of_kind(kind));
  }
  for (const Message& message : sent) {
    client.connection->send(message);
    node.end().connection->send(message);
  }
  for (End* end : {&client, &node.end()}) {
    const std::vector<Message> received = end->messages(sent.size());
    ASSERT_EQ(received.size(), sent.size());
    for (std::size_t at = 0; at < sent.size(); ++at) EXPECT_TRUE(test::same_message(received[at], sent[at])) << at;
  }
}

TEST_P(ConnectionTest, MessagesOfManyThreadsKeepEachThreadsOrder) {
  constexpr std::int64_t threads = 4;
  constexpr std::int64_t each = 250;
  End client;
  Node node(address());
  test::open(client, node.address());
  std::vector<std::thread> senders;
  for (std::int64_t thread = 0; thread < threads; ++thread) {
    senders.emplace_back([&client, thread] {
      for (std::int64_t at = 0; at < each; ++at) client.connection->send(RoundStart{thread + 1, at});
    });
  }
  for (std::thread& sender : senders) sender.join();
  std::vector<std::int64_t> next(threads + 1, 0);
  for (const Message& message : node.end().messages(threads * each)) {
    const auto& start = std::get<RoundStart>(message);
    EXPECT_EQ(start.origin, next[static_cast<std::size_t>(start.round)]++);
  }
}

TEST_P(ConnectionTest, TensorsOfNoBytesAndOfManyArriveBitForBit) {
  End client;
  Node node(address());
  test::open(client, node.address());
  std::vector<Message> sent;
  // Around the chunk of 1 MiB, and the activations of a batch of a large network.
  for (const std::int64_t bytes : {0, 1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 8 << 20}) {
    sent.emplace_back(batch_tensor(static_cast<std::int64_t>(sent.size()), bytes));
    client.connection->send(sent.back());
  }
  const std::vector<Message> received = node.end().messages(sent.size());
  for (std::size_t at = 0; at < sent.size(); ++at) EXPECT_TRUE(test::same_message(received.at(at), sent[at])) << at;
}

TEST_P(ConnectionTest, ClosingSendsWhatIsQueuedAndEndsBothSides) {
  End client;
  Node node(address());
  test::open(client, node.address());
  for (std::int64_t batch = 0; batch < 20; ++batch) client.connection->send(batch_tensor(batch, 1 << 18));
  client.connection->close();
  EXPECT_EQ(node.end().reason(), "");
  EXPECT_EQ(client.reason(), "");
  EXPECT_EQ(node.end().messages_so_far(), 20U);
}

TEST_P(ConnectionTest, TheListenersSideClosesLikewise) {
  End client;
  Node node(address());
  test::open(client, node.address());
  for (std::int64_t batch = 0; batch < 20; ++batch) node.end().connection->send(batch_tensor(batch, 1 << 18));
  node.end().connection->close();
  EXPECT_EQ(client.reason(), "");
  EXPECT_EQ(node.end().reason(), "");
  EXPECT_EQ(client.messages_so_far(), 20U);
}

TEST_P(ConnectionTest, AReasonForClosingIsToldToThePeer) {
  for (const bool by_listener : {false, true}) {
    End client;
    Node node(address());
    test::open(client, node.address());
    End& server = node.end();
    (by_listener ? server : client).connection->close("wrong version");
    EXPECT_THAT((by_listener ? client : server).reason(), AllOf(HasSubstr("ended by"), HasSubstr("wrong version")));
    EXPECT_EQ((by_listener ? server : client).reason(), "wrong version");
  }
}

TEST_P(ConnectionTest, TwoSidesThatCloseAtOnceBothEnd) {
  for (std::uint64_t times = 0; times < random_cases(80); ++times) {
    End client;
    Node node(address());
    test::open(client, node.address());
    End& server = node.end();
    std::latch both(2);
    std::thread other([&] {
      both.arrive_and_wait();
      server.connection->close();
    });
    both.arrive_and_wait();
    client.connection->close();
    other.join();
    EXPECT_EQ(client.reason(), "");
    EXPECT_EQ(server.reason(), "");
    client.connection.reset();
    node.stop();
    EXPECT_EQ(client.times_closed(), 1U);
    EXPECT_EQ(server.times_closed(), 1U);
  }
}

TEST_P(ConnectionTest, NothingIsSentAfterClose) {
  End client;
  Node node(address());
  test::open(client, node.address());
  client.connection->send(Ready{1});
  client.connection->close();
  client.connection->send(Ready{2});
  client.connection->close();
  EXPECT_EQ(node.end().reason(), "");
  EXPECT_EQ(client.reason(), "");
  client.connection->send(Ready{3});
  const std::vector<Message> received = node.end().messages(1);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(std::get<Ready>(received[0]).round, 1);
  EXPECT_EQ(client.times_closed(), 1U);
}

TEST_P(ConnectionTest, ARefusedTensorEndsItsStreamAloneAndTheSenderLearnsWhy) {
  End other, client;
  Node node(address(), {}, [](End& end) {
    end.on_announced = [](const Message&, const TensorDescriptor& descriptor) {
      if (descriptor.bytes() > 1000) throw Error(ErrorCode::kOutOfRange, {"memory", "not admitted", "", ""});
    };
  });
  test::open(other, node.address());
  node.end(0);
  test::open(client, node.address());
  node.end(1);
  client.connection->send(batch_tensor(0, 1000));
  client.connection->send(batch_tensor(1, 8 << 20));
  EXPECT_THAT(client.reason(), HasSubstr("memory: not admitted"));
  EXPECT_THAT(node.end(1).reason(), HasSubstr("memory: not admitted"));
  EXPECT_EQ(node.end(1).messages_so_far(), 1U);
  other.connection->send(batch_tensor(0, 1000));
  EXPECT_EQ(node.end(0).messages(1).size(), 1U);
  EXPECT_EQ(other.times_closed(), 0U);
}

TEST_P(ConnectionTest, TheClientsSideRefusesLikewise) {
  End client;
  Node node(address());
  client.on_announced = [](const Message&, const TensorDescriptor&) {
    throw Error(ErrorCode::kInconsistent, {"batch_tensor", "not expected", "", ""});
  };
  test::open(client, node.address());
  node.end().connection->send(batch_tensor(0, 8 << 20));
  EXPECT_THAT(node.end().reason(), AllOf(HasSubstr("ended by"), HasSubstr("not expected")));
  EXPECT_THAT(client.reason(), HasSubstr("batch_tensor: not expected"));
  EXPECT_EQ(client.messages_so_far(), 0U);
}

TEST_P(ConnectionTest, AHandlerThatRaisesEndsTheStreamWithItsReason) {
  End client;
  Node node(address(), {}, [](End& end) {
    end.on_message = [](const Message&) { throw Error(ErrorCode::kInconsistent, {"join", "unknown token", "", ""}); };
  });
  test::open(client, node.address());
  client.connection->send(Join{1, 1, ClientIndex(0), "x"});
  EXPECT_THAT(client.reason(), HasSubstr("join: unknown token"));
  EXPECT_THAT(node.end().reason(), HasSubstr("join: unknown token"));
}

TEST_P(ConnectionTest, APeerThatDoesNotReadFillsTheQueueToItsLimitAndNoFurther) {
  std::latch release(1);
  TransportLimits limits;
  limits.most_queued_bytes = 64 << 20;
  End client;
  Node node(address(), {}, [&release](End& end) { end.on_message = [&release](const Message&) { release.wait(); }; });
  test::open(client, node.address(), limits);
  const BatchTensor tensor = batch_tensor(0, 1 << 20);
  std::size_t sent = 0;
  std::string refused;
  // What gRPC and the kernel hold is far less than the rest of 400 MB.
  while (refused.empty() && sent < 400) {
    try {
      client.connection->send(tensor);
      ++sent;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kOutOfRange);
      refused = error.what();
    }
  }
  EXPECT_THAT(refused, HasSubstr("at most 67108864"));
  EXPECT_GE(sent, 63U);
  release.count_down();
  // The stream goes on, with all that was taken.
  EXPECT_EQ(node.end().messages(sent).size(), sent);
  client.connection->send(Ready{1});
  EXPECT_EQ(node.end().messages(sent + 1).size(), sent + 1);
}

TEST_P(ConnectionTest, DestroyingAnOpenConnectionEndsThePeersSideAndCallsNobody) {
  Node node(address());
  for (std::size_t times = 0; times < 2; ++times) {
    End client;
    test::open(client, node.address());
    // More than gRPC and the kernel hold, so it is under way when the connection goes.
    client.connection->send(batch_tensor(0, 32 << 20));
    End& server = node.end(times);
    client.connection.reset();
    EXPECT_NE(server.reason(), "");
    EXPECT_EQ(client.times_closed(), 0U);
    EXPECT_EQ(server.messages_so_far(), 0U);
  }
}

TEST_P(ConnectionTest, WhatWasSentBeforeCloseArrivesThoughTheConnectionIsDestroyed) {
  End client;
  Node node(address());
  test::open(client, node.address());
  node.end();
  client.connection->send(batch_tensor(0, 8 << 20));
  client.connection->close();
  client.connection.reset();
  EXPECT_EQ(node.end().reason(), "");
  EXPECT_EQ(node.end().messages_so_far(), 1U);
}

TEST_P(ConnectionTest, AHandlerMayLetGoOfItsOwnConnection) {
  End client;
  Node node(address());
  client.on_message = [&client](const Message&) { client.connection.reset(); };
  test::open(client, node.address());
  node.end().connection->send(Ready{1});
  node.end().connection->send(Ready{2});
  EXPECT_NE(node.end().reason(), "");
  // The handler may still be on its way back when the peer hears of the end.
  EXPECT_EQ(client.messages(1).size(), 1U);
}

TEST_P(ConnectionTest, DestroyingAListenerEndsAllOfItsStreamsOnce) {
  std::vector<std::unique_ptr<End>> clients;
  Node node(address());
  for (std::size_t at = 0; at < 10; ++at) {
    clients.push_back(std::make_unique<End>());
    test::open(*clients.back(), node.address());
    node.end(at);
    clients.back()->connection->send(batch_tensor(0, 4 << 20));
  }
  node.stop();
  for (std::size_t at = 0; at < 10; ++at) {
    EXPECT_EQ(node.end(at).times_closed(), 1U);
    EXPECT_THAT(node.end(at).reason(), HasSubstr("the listener has closed"));
    EXPECT_THAT(clients[at]->reason(), HasSubstr("the listener has closed"));
  }
}

TEST_P(ConnectionTest, AConnectionOutlivesItsListener) {
  End client;
  auto node = std::make_unique<Node>(address());
  test::open(client, node->address());
  const std::shared_ptr<Connection> kept = node->end().connection;
  node.reset();
  client.reason();
  kept->send(Ready{1});
  kept->close();
}

TEST_P(ConnectionTest, ManyStreamsAtOnceDoNotDisturbEachOther) {
  constexpr std::size_t streams = 200;
  std::vector<std::unique_ptr<End>> clients;
  // Answers with what it gets.
  Node node(address(), {},
            [](End& end) { end.on_message = [&end](const Message& message) { end.connection->send(message); }; });
  for (std::size_t at = 0; at < streams; ++at) {
    clients.push_back(std::make_unique<End>());
    test::open(*clients.back(), node.address());
    for (const std::int64_t part : {0, 1}) {
      clients.back()->connection->send(batch_tensor(static_cast<std::int64_t>(at) * 2 + part, 10000));
    }
  }
  for (std::size_t at = 0; at < streams; ++at) {
    const std::vector<Message> answers = clients[at]->messages(2);
    ASSERT_EQ(answers.size(), 2U);
    for (const std::size_t part : {0U, 1U}) {
      EXPECT_TRUE(test::same_message(answers[part], batch_tensor(static_cast<std::int64_t>(at * 2 + part), 10000)));
    }
  }
  for (const std::unique_ptr<End>& client : clients) client->connection->close();
  for (const std::unique_ptr<End>& client : clients) EXPECT_EQ(client->reason(), "");
}

TEST(ConnectionLoadTest, AThousandStreamsGoIntoOneListener) {
  constexpr std::size_t streams = splitlane::test::kSanitized ? 200 : 1'000;
  SocketFolder folder;
  std::vector<std::unique_ptr<End>> clients;
  Node node(folder.address(), {},
            [](End& end) { end.on_message = [&end](const Message& message) { end.connection->send(message); }; });
  for (std::size_t at = 0; at < streams; ++at) {
    clients.push_back(std::make_unique<End>());
    test::open(*clients.back(), node.address(), {}, 120);
    clients.back()->connection->send(Ready{static_cast<std::int64_t>(at) + 1});
  }
  for (std::size_t at = 0; at < streams; ++at) {
    const std::vector<Message> answers = clients[at]->messages(1);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(std::get<Ready>(answers[0]).round, static_cast<std::int64_t>(at) + 1);
  }
}

}  // namespace
}  // namespace splitlane::training
