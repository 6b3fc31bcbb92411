#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "training/admission/certificate_authority.hpp"
#include "training/aggregator/aggregator_node.hpp"
#include "training/helper/helper_node.hpp"
#include "training/network/network.hpp"
#include "training/support/stream_ends.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

using test::End;
using ::testing::HasSubstr;

const NodeName kTheAggregator{NodeRole::kAggregator, ""};
const NodeName kTheHelper{NodeRole::kHelper, "h0"};
const NodeName kOneClient{NodeRole::kClient, "c0"};
const NodeName kOtherClient{NodeRole::kClient, "c1"};

/// Nodes of one training whose loop runs beside the test.
class CertifiedNodesTest : public ::testing::Test {
 protected:
  ~CertifiedNodesTest() override { end(); }

  std::shared_ptr<const NodeSecurity> security_of(const NodeName& node) {
    auto security = std::make_shared<NodeSecurity>();
    security->identity = authority_.new_identity(node, std::time(nullptr));
    security->on_refused = [this](const std::string& reason) {
      const std::lock_guard lock(mutex_);
      log_.push_back(reason);
    };
    return security;
  }
  std::string last_in_log() {
    const std::lock_guard lock(mutex_);
    return log_.empty() ? "" : log_.back();
  }
  void open(End& client, const std::string& address, const NodeName& as, const NodeName& peer) {
    const auto identity = std::make_shared<const Identity>(authority_.new_identity(as, std::time(nullptr)));
    client.connection = connect(address, {}, client.handlers(), 30, SecurePeer{identity, peer});
  }
  void run() {
    thread_ = std::thread([this] { loop_.run(); });
  }
  void end() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
    loop_.finish();
  }

  test::TemporaryFolder folder_;
  CertificateAuthority authority_{folder_.path() / "authority"};
  std::mutex mutex_;
  std::vector<std::string> log_;
  EventLoop loop_{1, 1};
  std::thread thread_;
};

TEST_F(CertifiedNodesTest, TheAggregatorTakesNoNodeForAnotherThanItsCertificateNames) {
  AggregatorNodeSettings settings{.listen_address = "127.0.0.1:0",
                                  .machine = {.clients = {"c0", "c1"}, .helpers = {"h0"}, .layers = 3},
                                  .limits = {},
                                  .security = security_of(kTheAggregator)};
  AggregatorNode aggregator(loop_, settings, NetworkState(3), {}, [](const std::string&) {});
  const std::string address = aggregator.start();
  run();
  End honest, other_id, other_role;
  open(honest, address, kOtherClient, kTheAggregator);
  Hello hello;
  hello.node = kOtherClient;
  honest.connection->send(hello);

  open(other_id, address, kOneClient, kTheAggregator);
  other_id.connection->send(hello);
  EXPECT_THAT(other_id.reason(),
              HasSubstr("another node than that of the certificate: got client c1, expected client c0"));
  EXPECT_THAT(last_in_log(), HasSubstr("hello: another node"));

  open(other_role, address, kOneClient, kTheAggregator);
  hello.node = kTheHelper;
  hello.address = "127.0.0.1:1";
  other_role.connection->send(hello);
  EXPECT_THAT(other_role.reason(), HasSubstr("got helper h0, expected client c0"));
  EXPECT_EQ(honest.times_closed(), 0U);
  end();
}

TEST_F(CertifiedNodesTest, AStreamOnWhichNothingIsSaidEnds) {
  AggregatorNodeSettings settings{.listen_address = "127.0.0.1:0",
                                  .machine = {.clients = {"c0", "c1"}, .helpers = {"h0"}, .layers = 3},
                                  .limits = {.idle_timeout_s = 0.2},
                                  .security = security_of(kTheAggregator)};
  AggregatorNode aggregator(loop_, settings, NetworkState(3), {}, [](const std::string&) {});
  const std::string address = aggregator.start();
  run();
  End honest, silent;
  open(honest, address, kOtherClient, kTheAggregator);
  Hello hello;
  hello.node = kOtherClient;
  honest.connection->send(hello);
  open(silent, address, kOneClient, kTheAggregator);
  EXPECT_THAT(silent.reason(), HasSubstr("said nothing"));
  EXPECT_THAT(last_in_log(), HasSubstr("client c0: stream: "));
  EXPECT_EQ(honest.times_closed(), 0U);
  end();
}

TEST_F(CertifiedNodesTest, AHelperServesNoClientThatJoinsAsAnother) {
  test::Node aggregator("127.0.0.1:0", {}, {}, security_of(kTheAggregator));
  HelperNodeSettings settings;
  settings.id = "h0";
  settings.listen_address = "0.0.0.0:0";
  settings.aggregator_address = aggregator.address();
  settings.advertised_address = "127.0.0.2:0";
  settings.security = security_of(kTheHelper);
  settings.clients = {"c0", "c1"};
  HelperNode helper(loop_, make_architecture_network("resnet8", 10, std::nullopt), settings, [](const std::string&) {});
  helper.start();
  run();
  const std::string address = std::get<Hello>(aggregator.end().messages(1).at(0)).address;
  EXPECT_THAT(address, HasSubstr("127.0.0.2:"));
  EXPECT_NE(address, "127.0.0.2:0");
  for (const ClientIndex claimed : {ClientIndex(1), ClientIndex(9)}) {
    End client;
    open(client, address, kOneClient, kTheHelper);
    client.connection->send(Join{.round = 1, .client = claimed, .token = "token"});
    EXPECT_THAT(client.reason(), HasSubstr("join: another node than that of the certificate"));
  }
  EXPECT_THAT(last_in_log(), HasSubstr("expected client c0"));
  end();
}

}  // namespace
}  // namespace splitlane::training
