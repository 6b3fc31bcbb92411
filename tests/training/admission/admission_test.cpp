#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "splitlane/error.hpp"
#include "training/admission/admission_desk.hpp"
#include "training/admission/certificate_authority.hpp"
#include "training/admission/identity.hpp"
#include "training/admission/join_token.hpp"
#include "training/admission/node_domain.hpp"
#include "training/admission/private_files.hpp"
#include "training/support/error_of.hpp"
#include "training/support/temporary_folder.hpp"

namespace splitlane::training {
namespace {

using test::error_of;
using test::TemporaryFolder;
using ::testing::HasSubstr;

constexpr std::int64_t kNow = 1'800'000'000;
constexpr std::int64_t kDay = 86'400;
const NodeName kClient{NodeRole::kClient, "c3"};
const NodeName kHelper{NodeRole::kHelper, "h0"};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

TEST(NodeDomainTest, EveryIdHasItsOwnNameAndComesBack) {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
  for (const std::string& id :
       {std::string("c3"), std::string("C3"), std::string(), std::string("a.b c/*"), all_bytes}) {
    for (const NodeRole role : {NodeRole::kHelper, NodeRole::kClient}) {
      const NodeName node{role, id};
      EXPECT_EQ(node_of_domain(domain_of(node)), node);
    }
  }
  EXPECT_EQ(domain_of(kClient), "6333.client.splitlane");
  // DNS names are compared without regard to case.
  EXPECT_NE(domain_of({NodeRole::kClient, "a"}), domain_of({NodeRole::kClient, "A"}));
  const NodeName aggregator{NodeRole::kAggregator, ""};
  EXPECT_EQ(node_of_domain(domain_of(aggregator)), aggregator);
}

TEST(NodeDomainTest, WhatIsNoNameIsRefused) {
  for (const char* domain : {"", "client.splitlane", "6.client.splitlane", "zz.client.splitlane", "6A.client.splitlane",
                             "6333.server.splitlane", "63.33.client.splitlane", "*.client.splitlane"}) {
    EXPECT_THAT(error_of([&] { node_of_domain(domain); }), HasSubstr("names no node")) << domain;
  }
}

class AuthorityTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  CertificateAuthority authority_{folder_.path() / "authority"};
};

TEST_F(AuthorityTest, ACertificateNamesItsNodeUntilItExpires) {
  const Identity node = authority_.new_identity(kClient, kNow);
  EXPECT_EQ(verified_node(node.certificate, authority_.certificate(), kNow), kClient);
  // A year, and a day before for clocks that differ.
  EXPECT_EQ(verified_node(node.certificate, authority_.certificate(), kNow + 364 * kDay), kClient);
  for (const std::int64_t when : {kNow + 366 * kDay, kNow - 2 * kDay}) {
    EXPECT_THAT(error_of([&] { verified_node(node.certificate, authority_.certificate(), when); }),
                HasSubstr("certificate"));
  }
}

TEST_F(AuthorityTest, AnotherAuthoritysCertificateIsRefusedAndSoIsAnAuthoritysOwn) {
  const CertificateAuthority other(folder_.path() / "other");
  const Identity node = other.new_identity(kClient, kNow);
  EXPECT_THAT(error_of([&] { verified_node(node.certificate, authority_.certificate(), kNow); }),
              HasSubstr("expected one that this training's aggregator signed"));
  EXPECT_NE(error_of([&] { verified_node(authority_.certificate(), authority_.certificate(), kNow); }), "no error");
  EXPECT_NE(fingerprint(other.certificate()), fingerprint(authority_.certificate()));
}

TEST_F(AuthorityTest, TheAuthorityOfAFolderStays) {
  EXPECT_EQ(CertificateAuthority(folder_.path() / "authority").certificate(), authority_.certificate());
}

TEST_F(AuthorityTest, ARequestThatWasChangedIsRefused) {
  const std::string request = make_request(make_key(), kClient);
  EXPECT_NO_THROW(authority_.signed_request(request, kClient, kNow));
  EXPECT_THAT(error_of([&] {
                authority_.signed_request(request, {NodeRole::kClient, "c4"}, kNow);
              }),
              HasSubstr("for another node: got client c3, expected client c4"));
  // Any byte: the request is no request any more, or its signature is wrong, or its name.
  std::size_t tried = 0;
  for (std::size_t at = request.find('\n') + 1; at + 40 < request.size(); at += 7) {
    if (request[at] == '\n') continue;
    std::string changed = request;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(error_of([&] { authority_.signed_request(changed, kClient, kNow); }), "no error") << at;
    ++tried;
  }
  EXPECT_GT(tried, 20U);
}

TEST_F(AuthorityTest, KeysAreTheirUsersAloneFromTheFirstByte) {
  EXPECT_EQ(mode_of(folder_.path() / "authority"), 0700U);
  EXPECT_EQ(mode_of(folder_.path() / "authority/authority-key.pem"), 0600U);
  const std::filesystem::path state = folder_.path() / "state";
  const mode_t before = ::umask(0);
  write_identity(state, authority_.new_identity(kClient, kNow));
  ::umask(before);
  EXPECT_EQ(mode_of(state), 0700U);
  for (const char* file : {"key.pem", "certificate.pem", "authority.pem"}) EXPECT_EQ(mode_of(state / file), 0600U);
  std::filesystem::permissions(state, std::filesystem::perms::all);
  EXPECT_THAT(error_of([&] { read_identity(state); }), HasSubstr("expected mode 700"));
}

TEST_F(AuthorityTest, AnIdentityComesBackFromItsFolderOrIsRefusedByName) {
  const std::filesystem::path state = folder_.path() / "state";
  EXPECT_FALSE(has_identity(state));
  // Until today's clock: what is read is held against it.
  const Identity node = authority_.new_identity(kHelper, std::time(nullptr));
  write_identity(state, node);
  EXPECT_TRUE(has_identity(state));
  const Identity read = read_identity(state);
  EXPECT_EQ(read.node, kHelper);
  EXPECT_EQ(read.key, node.key);
  EXPECT_EQ(read.certificate, node.certificate);
  write_private_file(state / "key.pem", make_key());
  EXPECT_THAT(error_of([&] { read_identity(state); }), HasSubstr("key.pem: not the key of the certificate"));
  write_private_file(state / "key.pem", "garbage");
  EXPECT_THAT(error_of([&] { read_identity(state); }), HasSubstr("not a private key"));
}

TEST(JoinTokenTest, OnlyWhatAnAggregatorPrintsIsRead) {
  const JoinToken token{std::string(32, 'a'), std::string(64, '0')};
  EXPECT_EQ(JoinToken::parsed(token.text()).secret, token.secret);
  EXPECT_EQ(JoinToken::parsed(token.text()).fingerprint, token.fingerprint);
  const std::string secret(32, 'b');
  for (const std::string& text : {std::string(), std::string("x"), secret, secret + "." + std::string(63, '0'),
                                  secret + "." + std::string(64, 'G'), token.text() + "\n"}) {
    const std::string message = error_of([&] { JoinToken::parsed(text); });
    EXPECT_THAT(message, HasSubstr("not one that an aggregator printed"));
    EXPECT_THAT(message, ::testing::Not(HasSubstr("bbb")));  // messages go into logs
  }
}

TEST(TokenBookTest, ATokenCountsForItsRoleSoOftenAndSoLong) {
  TokenBook book;
  const std::string secret = book.issue(NodeRole::kClient, 2, kNow + 10);
  const auto redeem = [&](const std::string& shown, NodeRole role, std::int64_t now) {
    return error_of([&] { book.redeem(shown, role, now); });
  };
  EXPECT_EQ(redeem(secret, NodeRole::kHelper, kNow), "token: for nodes of another role");
  EXPECT_EQ(redeem(secret, NodeRole::kClient, kNow + 10), "token: expired");
  EXPECT_EQ(redeem(std::string(32, '0'), NodeRole::kClient, kNow), "token: not one of this aggregator");
  EXPECT_EQ(redeem("", NodeRole::kClient, kNow), "token: not one of this aggregator");
  // Refusals have taken no use.
  EXPECT_EQ(redeem(secret, NodeRole::kClient, kNow), "no error");
  EXPECT_EQ(redeem(secret, NodeRole::kClient, kNow + 9), "no error");
  EXPECT_EQ(redeem(secret, NodeRole::kClient, kNow), "token: used up");
}

class AdmissionDeskTest : public ::testing::Test {
 protected:
  std::string admitted(const std::string& token, const NodeName& node) {
    return desk_.admit(JoinToken::parsed(token).secret, make_request(make_key(), node), kNow);
  }
  std::string refusal(const std::string& token, const NodeName& node) {
    return error_of([&] { admitted(token, node); });
  }

  TemporaryFolder folder_;
  std::vector<NodeName> nodes_ = {kHelper, kClient, {NodeRole::kClient, "c4"}};
  AdmissionDesk desk_{folder_.path() / "authority", nodes_};
};

TEST_F(AdmissionDeskTest, EveryNodeOfTheTrainingIsAdmittedOnceAndNoOther) {
  const std::string token = desk_.issue_token(NodeRole::kClient, kNow + 10);
  EXPECT_THAT(refusal(token, kHelper), HasSubstr("for nodes of another role"));
  EXPECT_THAT(refusal(token, {NodeRole::kClient, "c9"}), HasSubstr("no such node in this training: got client c9"));
  const std::string certificate = admitted(token, kClient);
  EXPECT_EQ(verified_node(certificate, desk_.aggregator().authority, kNow), kClient);
  EXPECT_NO_THROW(desk_.require_admitted(kClient, certificate));
  EXPECT_THAT(refusal(token, kClient), HasSubstr("admitted already"));
  admitted(token, {NodeRole::kClient, "c4"});
  EXPECT_THAT(refusal(token, {NodeRole::kClient, "c4"}), HasSubstr("used up"));
  EXPECT_EQ(desk_.issue_token(NodeRole::kClient, kNow + 10), "");
}

TEST_F(AdmissionDeskTest, ARemovedNodesCertificateCountsNoMoreAlsoWhenTheNodeIsAdmittedAnew) {
  const std::string certificate = admitted(desk_.issue_token(NodeRole::kHelper, kNow + 10), kHelper);
  std::filesystem::remove(folder_.path() / "authority/nodes" / (domain_of(kHelper) + ".pem"));
  EXPECT_THAT(error_of([&] { desk_.require_admitted(kHelper, certificate); }), HasSubstr("removed: got helper h0"));
  const std::string again = admitted(desk_.issue_token(NodeRole::kHelper, kNow + 10), kHelper);
  EXPECT_NO_THROW(desk_.require_admitted(kHelper, again));
  EXPECT_NE(error_of([&] { desk_.require_admitted(kHelper, certificate); }), "no error");
}

TEST_F(AdmissionDeskTest, ARestartedAggregatorKnowsWhomItAdmitted) {
  const std::string certificate = admitted(desk_.issue_token(NodeRole::kHelper, kNow + 10), kHelper);
  AdmissionDesk again(folder_.path() / "authority", nodes_);
  EXPECT_NO_THROW(again.require_admitted(kHelper, certificate));
  EXPECT_EQ(again.issue_token(NodeRole::kHelper, kNow + 10), "");
}

TEST_F(AdmissionDeskTest, SecretsAreInNoFile) {
  const std::string secret = JoinToken::parsed(desk_.issue_token(NodeRole::kClient, kNow + 10)).secret;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    EXPECT_THAT(bytes, ::testing::Not(HasSubstr(secret)));
  }
}

}  // namespace
}  // namespace splitlane::training
