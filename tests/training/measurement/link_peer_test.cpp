#include "training/measurement/link_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "splitlane/error.hpp"
#include "training/support/stream_ends.hpp"

namespace splitlane::training {
namespace {

using test::SocketFolder;
using ::testing::HasSubstr;

constexpr double kPatienceS = 30;

std::string failure_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFile);
    return error.what();
  }
  return "nothing was raised";
}

class LinkPeerTest : public ::testing::TestWithParam<bool> {
 protected:
  std::string address() const { return GetParam() ? folder_.address() : "127.0.0.1:0"; }

  SocketFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Addresses, LinkPeerTest, ::testing::Bool(),
                         [](const auto& of_case) { return of_case.param ? "Unix" : "Tcp"; });

TEST_P(LinkPeerTest, ALinkWithinThisMachineHasSpeedsBothWaysAndALatency) {
  const LinkPeer peer(address());
  LinkProbe probe(peer.address(), kPatienceS);
  const LinkMeasurement measurement = measure_link(probe, {.repeats = 2, .round_trips = 5, .long_enough_ms = 1});
  EXPECT_GT(measurement.up_mbps.median, 0);
  EXPECT_GT(measurement.down_mbps.median, 0);
  EXPECT_GT(measurement.latency_ms(), 0);
  EXPECT_EQ(measurement.repeats, 2);
}

TEST_P(LinkPeerTest, SeveralMeasureAtOnceAndOneAfterTheOther) {
  const LinkPeer peer(address());
  for (int time = 0; time < 2; ++time) {
    std::vector<std::thread> probes;
    for (int probe = 0; probe < 3; ++probe) {
      probes.emplace_back([&peer] {
        LinkProbe own(peer.address(), kPatienceS);
        EXPECT_GT(own.upload_ms(1 << 16), 0);
        EXPECT_GT(own.download_ms(1 << 18), 0);
      });
    }
    for (std::thread& probe : probes) probe.join();
  }
}

TEST_P(LinkPeerTest, APeerThatIsGoneIsNamed) {
  auto peer = std::make_unique<LinkPeer>(address());
  LinkProbe probe(peer->address(), kPatienceS);
  probe.round_trip_ms();
  const std::string where = peer->address();
  peer.reset();
  EXPECT_THAT(failure_of([&] { probe.round_trip_ms(); }), HasSubstr(where));
}

TEST_P(LinkPeerTest, APeerThatNeverAnswersIsLeftInTime) {
  // It takes in the stream and keeps silent.
  std::vector<std::shared_ptr<Connection>> kept;
  const auto silent = listen(address(), {}, [&kept](std::shared_ptr<Connection> connection) {
    kept.push_back(std::move(connection));
    return ConnectionHandlers{{}, [](const Message&) {}, {}};
  });
  LinkProbe probe(silent->address(), 0.2);
  EXPECT_THAT(failure_of([&] { probe.round_trip_ms(); }), HasSubstr("no answer within 0.2 s"));
}

TEST_P(LinkPeerTest, ATrainingsOtherMessagesAreRefused) {
  const LinkPeer peer(address());
  test::End end;
  test::open(end, peer.address());
  end.connection->send(Join{1, 1, ClientIndex(0), "token"});
  EXPECT_THAT(end.reason(), HasSubstr("only measures links here"));
}

TEST_P(LinkPeerTest, MoreBytesThanALinkIsMeasuredWithAreRefused) {
  const LinkPeer peer(address());
  LinkProbe probe(peer.address(), kPatienceS);
  EXPECT_THAT(failure_of([&] { probe.download_ms(kMostLinkBytes + 1); }), HasSubstr("no number of bytes to send"));
}

TEST(LinkProbeTest, APeerThatIsNotThereIsNamedInTime) {
  const SocketFolder folder;
  LinkProbe probe(folder.address(), 0.2);
  EXPECT_THAT(failure_of([&] { probe.round_trip_ms(); }), HasSubstr("was not reached within 0.2 s"));
}

TEST(LinkProbeTest, WhatIsNoAddressIsRefused) { EXPECT_THROW(LinkProbe("nowhere", 1), Error); }

}  // namespace
}  // namespace splitlane::training
