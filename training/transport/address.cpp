#include "training/transport/address.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kLargestPort = 65535;

class Socket {
 public:
  explicit Socket(int family) : descriptor_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(path, static_cast<char*>(address.sun_path));
  return address;
}

std::string without_brackets(const std::string& host) {
  return host.front() == '[' ? host.substr(1, host.size() - 2) : host;
}

[[noreturn]] void refuse_path(const std::string& path, std::string what) {
  throw Error(ErrorCode::kFile, {std::string(kUnixPrefix) + path, std::move(what), "", ""});
}

}  // namespace

NodeAddress NodeAddress::parsed(const std::string& address) {
  const auto refuse = [&address](const char* what) {
    throw Error(ErrorCode::kUsage, {"address", what, address, "unix:PATH or HOST:PORT"});
  };
  NodeAddress parsed;
  if (address.starts_with(kUnixPrefix)) {
    parsed.path = address.substr(kUnixPrefix.size());
    if (parsed.path.empty()) refuse("no path");
    if (parsed.path.size() >= sizeof(sockaddr_un::sun_path)) refuse("path too long for a Unix socket");
    return parsed;
  }
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) refuse("neither a path nor a host and port");
  parsed.host = address.substr(0, colon);
  const bool brackets = parsed.host.front() == '[' && parsed.host.back() == ']' && parsed.host.size() > 2;
  if (!brackets && parsed.host.find_first_of(":[]/") != std::string::npos) refuse("no host");
  const char* begin = address.data() + colon + 1;
  const char* end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(begin, end, parsed.port);
  if (error != std::errc() || stop != end || parsed.port < 0 || parsed.port > kLargestPort) refuse("no port");
  return parsed;
}

std::string NodeAddress::text() const {
  return path.empty() ? fmt::format("{}:{}", host, port) : std::string(kUnixPrefix) + path;
}

void make_way_for_socket(const std::string& path) {
  const std::filesystem::path name(path);
  std::error_code ignored;
  const std::filesystem::path folder = name.has_parent_path() ? name.parent_path() : ".";
  if (!std::filesystem::is_directory(folder, ignored)) {
    refuse_path(path, fmt::format("cannot listen: no directory {}", folder.string()));
  }
  const std::filesystem::file_status status = std::filesystem::symlink_status(name, ignored);
  if (!std::filesystem::exists(status)) return;
  if (!std::filesystem::is_socket(status)) refuse_path(path, "cannot listen: a file of another kind has this name");
  const Socket probe(AF_UNIX);
  const sockaddr_un address = unix_address(path);
  if (::connect(probe.descriptor(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    refuse_path(path, "cannot listen: another process listens there");
  }
  if (errno != ECONNREFUSED) refuse_path(path, fmt::format("cannot listen: {}", std::strerror(errno)));
  std::filesystem::remove(name, ignored);
}

std::string why_not_bound(const NodeAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  const int error = ::getaddrinfo(without_brackets(address.host).c_str(), port.c_str(), &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    const Socket socket(at->ai_family);
    if (::bind(socket.descriptor(), at->ai_addr, at->ai_addrlen) != 0) return std::strerror(errno);
  }
  return "gRPC cannot listen there";
}

}  // namespace splitlane::training
