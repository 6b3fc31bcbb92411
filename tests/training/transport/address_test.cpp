#include "training/transport/address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "splitlane/error.hpp"
#include "training/support/stream_ends.hpp"

namespace splitlane::training {
namespace {

using test::End;
using test::Node;
using test::SocketFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// What listening at an address raises.
std::string refusal_of(const std::string& address) {
  try {
    listen(address, {}, [](const std::shared_ptr<Connection>&) { return ConnectionHandlers(); });
  } catch (const Error& error) {
    EXPECT_EQ(exit_code(error.code()), 2);
    return error.what();
  }
  return "listens";
}

TEST(AddressTest, AddressesAreReadAndSpelledAlike) {
  for (const char* address :
       {"unix:/tmp/a", "unix:b", "localhost:1", "127.0.0.1:0", "[::1]:65535", "h0.example.org:4000"}) {
    EXPECT_EQ(NodeAddress::parsed(address).text(), address);
  }
}

TEST(AddressTest, WhatIsNoAddressIsRefused) {
  for (const char* address :
       {"", "unix:", "host", ":1", "host:", "host:65536", "host:-1", "host:1x", "::1:80", "a/b:1", "[]:1"}) {
    EXPECT_THAT(refusal_of(address), HasSubstr("expected unix:PATH or HOST:PORT")) << address;
    EXPECT_THROW(connect(address, {}, {}), Error) << address;
  }
  // sockaddr_un has 108 bytes, with the 0 at the end.
  EXPECT_THAT(refusal_of("unix:/tmp/" + std::string(103, 'x')), HasSubstr("path too long"));
}

TEST(AddressTest, APortIsChosenForPortZero) {
  const Node node("127.0.0.1:0");
  EXPECT_GT(NodeAddress::parsed(node.address()).port, 0);
}

TEST(AddressTest, ATakenPortIsRefusedByName) {
  const Node node("127.0.0.1:0");
  EXPECT_THAT(refusal_of(node.address()), AllOf(HasSubstr(node.address()), HasSubstr("Address already in use")));
}

TEST(AddressTest, AHostOfAnotherMachineIsRefused) {
  // Of TEST-NET-1, which belongs to nobody.
  EXPECT_THAT(refusal_of("192.0.2.1:0"), AllOf(HasSubstr("192.0.2.1:0"), HasSubstr("Cannot assign requested address")));
}

TEST(AddressTest, AMissingFolderIsRefusedByName) {
  const SocketFolder folder;
  EXPECT_THAT(refusal_of("unix:" + (folder.path() / "missing" / "node").string()), HasSubstr("no directory"));
}

TEST(AddressTest, AFileOfAnotherKindIsLeftAlone) {
  const SocketFolder folder;
  std::ofstream(folder.socket()) << "kept";
  EXPECT_THAT(refusal_of(folder.address()), HasSubstr("a file of another kind"));
  EXPECT_EQ(std::filesystem::file_size(folder.socket()), 4U);
}

TEST(AddressTest, ASocketThatIsListenedAtIsRefused) {
  const SocketFolder folder;
  Node node(folder.address());
  EXPECT_THAT(refusal_of(folder.address()), HasSubstr("another process listens there"));
  End client;
  test::open(client, folder.address());
  client.connection->send(Ready{1});
  EXPECT_EQ(node.end().messages(1).size(), 1U);
}

TEST(AddressTest, ASocketThatAProcessLeftBehindIsReplaced) {
  const SocketFolder folder;
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(static_cast<char*>(address.sun_path), folder.socket().c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(left);
  ASSERT_TRUE(std::filesystem::is_socket(folder.socket()));
  Node node(folder.address());
  End client;
  test::open(client, folder.address());
  client.connection->send(Ready{1});
  EXPECT_EQ(node.end().messages(1).size(), 1U);
}

TEST(AddressTest, NoSocketFileIsLeft) {
  const SocketFolder folder;
  {
    const Node node(folder.address());
    EXPECT_TRUE(std::filesystem::is_socket(folder.socket()));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.socket()));
}

TEST(AddressTest, APeerThatIsNotThereEndsTheStreamInTime) {
  const SocketFolder folder;
  End nobody;
  test::open(nobody, folder.address(), {}, 0.3);
  nobody.connection->send(Ready{1});
  EXPECT_THAT(nobody.reason(), AllOf(HasSubstr(folder.address()), HasSubstr("was not reached within 0.3 s")));
  EXPECT_EQ(nobody.times_closed(), 1U);
}

TEST(AddressTest, APeerThatComesLaterIsReached) {
  const SocketFolder folder;
  End client;
  test::open(client, folder.address());
  client.connection->send(Ready{1});
  Node node(folder.address());
  EXPECT_EQ(node.end().messages(1).size(), 1U);
}

}  // namespace
}  // namespace splitlane::training
