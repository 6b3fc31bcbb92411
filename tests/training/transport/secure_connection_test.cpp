#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>

#include "splitlane/error.hpp"
#include "training/admission/admission_desk.hpp"
#include "training/support/error_of.hpp"
#include "training/support/stream_ends.hpp"
#include "training/support/temporary_folder.hpp"
#include "training/transport/ask_aggregator.hpp"
#include "training/transport/reach_aggregator.hpp"

namespace splitlane::training {
namespace {

using test::End;
using test::error_of;
using test::Node;
using test::TemporaryFolder;
using ::testing::HasSubstr;

constexpr std::int64_t kYear = 366 * 86'400;
const NodeName kAggregator{NodeRole::kAggregator, ""};
const NodeName kHelper{NodeRole::kHelper, "h0"};
const NodeName kClient{NodeRole::kClient, "c 0/ü"};

std::int64_t now() { return std::time(nullptr); }

class SecureConnectionTest : public ::testing::Test {
 protected:
  std::shared_ptr<const NodeSecurity> aggregator() {
    auto security = std::make_shared<NodeSecurity>();
    security->identity = desk_.aggregator();
    security->require_member = [this](const NodeName& node, const std::string& certificate) {
      desk_.require_admitted(node, certificate);
    };
    security->on_refused = [this](const std::string& reason) {
      const std::lock_guard lock(mutex_);
      log_.push_back(reason);
    };
    security->admit = [this](const std::string& secret, const std::string& request) {
      return desk_.admit(secret, request, now());
    };
    security->describe = [] { return TrainingDescription{"training", "instance", std::string("\0\xff", 2)}; };
    security->clock = [] { return std::int64_t{5'000'000}; };
    return security;
  }

  /// Of a node that was admitted at this aggregator.
  std::shared_ptr<const Identity> admitted(const NodeName& node) {
    const JoinToken token = JoinToken::parsed(desk_.issue_token(node.role, now() + 60));
    Identity identity{node, make_key(), "", desk_.aggregator().authority};
    identity.certificate = desk_.admit(token.secret, make_request(identity.key, node), now());
    return std::make_shared<const Identity>(std::move(identity));
  }

  std::string refusal(const std::string& address, const std::shared_ptr<const Identity>& identity,
                      const NodeName& peer = kAggregator, double timeout_s = 30) {
    End end;
    end.connection = connect(address, {}, end.handlers(), timeout_s, SecurePeer{identity, peer});
    return end.reason();
  }

  std::string last_in_log() {
    const std::lock_guard lock(mutex_);
    return log_.empty() ? "" : log_.back();
  }

  TemporaryFolder folder_;
  AdmissionDesk desk_{folder_.path() / "authority", {kHelper, kClient}};
  std::mutex mutex_;
  std::vector<std::string> log_;
};

TEST_F(SecureConnectionTest, BothSidesKnowEachOtherByTheirCertificatesAndMessagesArrive) {
  Node node("127.0.0.1:0", {}, {}, aggregator());
  End client;
  client.connection = connect(node.address(), {}, client.handlers(), 30, SecurePeer{admitted(kClient), kAggregator});
  client.connection->send(Ready{7});
  EXPECT_EQ(std::get<Ready>(node.end().messages(1).at(0)).round, 7);
  EXPECT_EQ(node.end().connection->peer(), kClient);
  EXPECT_EQ(client.connection->peer(), kAggregator);
  node.end().connection->send(Ready{8});
  EXPECT_EQ(client.messages(1).size(), 1U);
}

TEST_F(SecureConnectionTest, StreamsWithoutACertificateThatCountsAreRefusedByNameAndOthersGoOn) {
  Node node("127.0.0.1:0", {}, {}, aggregator());
  End other;
  other.connection = connect(node.address(), {}, other.handlers(), 30, SecurePeer{admitted(kHelper), kAggregator});
  node.end(0);

  Identity none{kClient, "", "", desk_.aggregator().authority};
  EXPECT_THAT(refusal(node.address(), std::make_shared<const Identity>(none)), HasSubstr("the peer shows none"));
  EXPECT_THAT(last_in_log(), HasSubstr("the peer shows none"));

  // Of another authority, though it knows this one.
  Identity strange = CertificateAuthority(folder_.path() / "other").new_identity(kClient, now());
  strange.authority = desk_.aggregator().authority;
  EXPECT_THAT(refusal(node.address(), std::make_shared<const Identity>(strange)),
              HasSubstr("expected one that this training's aggregator signed"));
  EXPECT_THAT(last_in_log(), HasSubstr("127.0.0.1"));

  // Of the same authority, but not by its desk: expired, and not the node's admitted one.
  const CertificateAuthority same(folder_.path() / "authority");
  EXPECT_THAT(refusal(node.address(), std::make_shared<const Identity>(same.new_identity(kClient, now() - 2 * kYear))),
              HasSubstr("certificate has expired"));
  EXPECT_THAT(refusal(node.address(), std::make_shared<const Identity>(same.new_identity(kClient, now()))),
              HasSubstr("of a node that was removed"));

  other.connection->send(Ready{1});
  EXPECT_EQ(node.end(0).messages(1).size(), 1U);
  EXPECT_EQ(other.times_closed(), 0U);
}

TEST_F(SecureConnectionTest, ANodeAtTheAddressThatIsNotTheOneWantedGetsNoStream) {
  auto security = std::make_shared<NodeSecurity>();
  security->identity = *admitted(kHelper);
  Node node("127.0.0.1:0", {}, {}, security);
  EXPECT_THAT(refusal(node.address(), admitted(kClient), {NodeRole::kHelper, "h1"}, 0.3),
              HasSubstr("helper h1 at " + node.address() + " was not reached"));
}

TEST_F(SecureConnectionTest, APeerThatDoesNotEncryptGetsNoStream) {
  Node node("127.0.0.1:0", {}, {}, aggregator());
  End plain;
  test::open(plain, node.address(), {}, 0.3);
  EXPECT_THAT(plain.reason(), HasSubstr("was not reached"));
}

TEST_F(SecureConnectionTest, TheAggregatorIsKnownByItsFingerprintBeforeATokenIsShown) {
  Node node("127.0.0.1:0", {}, {}, aggregator());
  const std::string authority = desk_.aggregator().authority;
  const ReachedAggregator reached = reach_aggregator(node.address(), fingerprint(authority));
  EXPECT_EQ(reached.authority, authority);
  EXPECT_EQ(reached.local_host, "127.0.0.1");
  EXPECT_THAT(error_of([&] { reach_aggregator(node.address(), std::string(64, '0')); }),
              HasSubstr("another aggregator"));
  Node plain("127.0.0.1:0");
  EXPECT_THAT(error_of([&] { reach_aggregator(plain.address(), fingerprint(authority)); }),
              HasSubstr("no aggregator that encrypts"));
  plain.stop();
  EXPECT_THAT(error_of([&] { reach_aggregator("127.0.0.1:1", fingerprint(authority), 0.1); }),
              HasSubstr("was not reached within 0.1 s"));
}

TEST_F(SecureConnectionTest, ANodeJoinsWithATokenAndAsksWhatItMustKnow) {
  Node node("127.0.0.1:0", {}, {}, aggregator());
  const std::string authority = desk_.aggregator().authority;
  const JoinToken token = JoinToken::parsed(desk_.issue_token(NodeRole::kClient, now() + 60));
  const std::string key = make_key();
  const std::string request = make_request(key, kClient);
  EXPECT_THAT(error_of([&] { ask_admission(node.address(), authority, std::string(32, '0'), request); }),
              HasSubstr("refuses: token: not one of this aggregator"));
  EXPECT_THAT(last_in_log(), HasSubstr("token: not one of this aggregator"));
  const Identity identity{kClient, key, ask_admission(node.address(), authority, token.secret, request), authority};
  EXPECT_EQ(verified_node(identity.certificate, authority), kClient);
  const TrainingDescription description = ask_training(node.address(), identity);
  EXPECT_EQ(description.training, "training");
  EXPECT_EQ(description.instance, "instance");
  EXPECT_EQ(description.network, std::string("\0\xff", 2));
  EXPECT_THAT(error_of([&] {
                ask_training(node.address(), {kClient, "", "", authority});
              }),
              HasSubstr("the peer shows none"));
  // A clock of this machine that stands still is exact; one that runs is true to half of a round trip.
  EXPECT_EQ(ask_clock_offset(node.address(), identity, [] { return std::int64_t{1'000'000}; }), 4'000'000);
  EXPECT_EQ(ask_clock_offset(node.address(), identity, [] { return std::int64_t{5'000'000}; }), 0);
}

TEST_F(SecureConnectionTest, AHelperAdmitsNobody) {
  auto security = std::make_shared<NodeSecurity>();
  security->identity = desk_.aggregator();  // so that the question reaches it
  Node node("127.0.0.1:0", {}, {}, security);
  EXPECT_THAT(error_of([&] { ask_admission(node.address(), desk_.aggregator().authority, "", ""); }),
              HasSubstr("this node is not the aggregator"));
}

}  // namespace
}  // namespace splitlane::training
