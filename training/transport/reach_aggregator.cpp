#include "training/transport/reach_aggregator.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include "splitlane/error.hpp"
#include "training/admission/openssl.hpp"
#include "training/transport/address.hpp"

namespace splitlane::training {

namespace {

constexpr std::chrono::milliseconds kBetweenAttempts{100};
// Of one connection; a peer that takes longer to shake hands speaks no TLS.
constexpr timeval kHandshakeTimeout{.tv_sec = 3, .tv_usec = 0};
// ALPN's name of what gRPC speaks, with its length before it.
constexpr std::array<unsigned char, 3> kHttp2 = {2, 'h', '2'};

struct TlsDeleter {
  void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
  void operator()(SSL* one) const { SSL_free(one); }
  void operator()(addrinfo* one) const { freeaddrinfo(one); }
};

class TcpConnection {
 public:
  explicit TcpConnection(const addrinfo& place)
      : socket_(::socket(place.ai_family, place.ai_socktype | SOCK_CLOEXEC, place.ai_protocol)) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kHandshakeTimeout, sizeof kHandshakeTimeout);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kHandshakeTimeout, sizeof kHandshakeTimeout);
    connected_ = ::connect(socket_, place.ai_addr, place.ai_addrlen) == 0;
    error_ = errno;
  }
  ~TcpConnection() {
    if (socket_ >= 0) ::close(socket_);
  }
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;

  int socket() const { return socket_; }
  bool connected() const { return connected_; }
  std::string error() const { return std::generic_category().message(error_); }

  std::string local_host() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        getnameinfo(generic, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
      return "localhost";
    }
    return address.ss_family == AF_INET6 ? fmt::format("[{}]", host.data()) : std::string(host.data());
  }

 private:
  int socket_;
  bool connected_ = false;
  int error_ = 0;
};

std::string authority_shown(int socket, const std::string& address, const std::string& expected) {
  const std::unique_ptr<SSL_CTX, TlsDeleter> context(SSL_CTX_new(TLS_client_method()));
  require_openssl(context != nullptr && SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) == 1, "TLS");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  const std::unique_ptr<SSL, TlsDeleter> tls(SSL_new(context.get()));
  require_openssl(tls != nullptr && SSL_set_fd(tls.get(), socket) == 1 &&
                      SSL_set_alpn_protos(tls.get(), kHttp2.data(), kHttp2.size()) == 0,
                  "TLS");
  if (SSL_connect(tls.get()) != 1) {
    ERR_clear_error();
    throw Error(ErrorCode::kFile, {address, "no aggregator that encrypts answers there", "", "TLS 1.3"});
  }
  const STACK_OF(X509)* shown = SSL_get_peer_cert_chain(tls.get());
  std::string last;
  for (int at = 0; at < sk_X509_num(shown); ++at) {
    X509* const certificate = sk_X509_value(shown, at);
    last = fingerprint_of(certificate);
    if (last == expected) return pem_of(certificate);
  }
  throw Error(ErrorCode::kInconsistent,
              {address, "another aggregator: the fingerprint of its authority", last, expected});
}

}  // namespace

ReachedAggregator reach_aggregator(const std::string& address, const std::string& fingerprint, double timeout_s) {
  const NodeAddress place = NodeAddress::parsed(address);
  if (!place.path.empty()) throw Error(ErrorCode::kUsage, {address, "a socket of this machine", "", "HOST:PORT"});
  const std::string host = place.host.starts_with('[') ? place.host.substr(1, place.host.size() - 2) : place.host;
  const std::string port = std::to_string(place.port);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  std::string reason;
  do {
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    const std::unique_ptr<addrinfo, TlsDeleter> places(found);
    if (error != 0) reason = gai_strerror(error);
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
      const TcpConnection connection(*one);
      if (connection.connected()) {
        return {authority_shown(connection.socket(), address, fingerprint), connection.local_host()};
      }
      reason = connection.error();
    }
    std::this_thread::sleep_for(kBetweenAttempts);
  } while (std::chrono::steady_clock::now() < deadline);
  throw Error(ErrorCode::kFile, {address, fmt::format("was not reached within {} s: {}", timeout_s, reason), "", ""});
}

}  // namespace splitlane::training
