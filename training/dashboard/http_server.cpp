#include "training/dashboard/http_server.hpp"

#include <fcntl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <chrono>
#include <exception>
#include <string_view>
#include <thread>
#include <utility>

#include "splitlane/error.hpp"
#include "splitlane/parse_number.hpp"
#include "training/dashboard/http_connection.hpp"
#include "training/transport/address.hpp"

namespace splitlane::training {

namespace {

using boost::asio::ip::tcp;

constexpr int kMostPort = 65535;
// After the system has no more descriptors for connections.
constexpr std::chrono::milliseconds kBeforeNextAccept{100};

NodeAddress http_address(const std::string& text) {
  if (const auto port = parse_number<int>(text); port && *port >= 0 && *port <= kMostPort) {
    return {.path = {}, .host = "127.0.0.1", .port = *port};
  }
  NodeAddress address = NodeAddress::parsed(text);
  if (!address.path.empty()) {
    throw Error(ErrorCode::kUsage, {"--dashboard", "a socket, which no browser opens", text, "HOST:PORT or PORT"});
  }
  return address;
}

[[noreturn]] void refuse(const std::string& address, const boost::system::error_code& error) {
  throw Error(ErrorCode::kUsage, {"--dashboard", "cannot listen: " + error.message(), address,
                                  "an address of this machine and a free port"});
}

}  // namespace

class HttpServer::Listening {
 public:
  Listening(const NodeAddress& address, HttpContent content, HttpLimits limits)
      : content_(std::move(content)), limits_(limits), acceptor_(context_), timer_(context_) {
    open(address);
    accept();
    thread_ = std::thread([this] { run(); });
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() {
    context_.stop();
    thread_.join();
  }

  int port() const { return acceptor_.local_endpoint().port(); }

 private:
  void open(const NodeAddress& address) {
    const std::string host =
        address.host.starts_with('[') ? address.host.substr(1, address.host.size() - 2) : address.host;
    boost::system::error_code error;
    const auto found = tcp::resolver(context_).resolve(host, std::to_string(address.port),
                                                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
    if (error) refuse(address.text(), error);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    const auto required = [&](const boost::system::error_code& result) {
      if (result) refuse(address.text(), result);
    };
    required(acceptor_.open(endpoint.protocol(), error));
    fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);  // processes of nodes have no part in it
    required(acceptor_.set_option(tcp::acceptor::reuse_address(true), error));
    required(acceptor_.bind(endpoint, error));
    required(acceptor_.listen(tcp::acceptor::max_listen_connections, error));
  }

  void accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
      if (error) {
        timer_.expires_after(kBeforeNextAccept);
        timer_.async_wait([this](const boost::system::error_code&) { accept(); });
        return;
      }
      if (static_cast<std::size_t>(open_.use_count()) <= limits_.connections) {
        fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
        std::make_shared<HttpConnection>(std::move(socket), content_, limits_, open_)->read();
      }
      accept();
    });
  }

  // A request that fails ends its connection, not the server.
  void run() {
    while (!context_.stopped()) {
      try {
        context_.run();
      } catch (const std::exception&) {
        continue;
      }
    }
  }

  HttpContent content_;
  HttpLimits limits_;
  std::shared_ptr<void> open_ = std::make_shared<int>();  // a copy a connection
  boost::asio::io_context context_{1};
  tcp::acceptor acceptor_;
  boost::asio::steady_timer timer_;
  std::thread thread_;
};

HttpServer::HttpServer(const std::string& address, HttpContent content, HttpLimits limits) {
  NodeAddress place = http_address(address);
  listening_ = std::make_unique<Listening>(place, std::move(content), limits);
  place.port = listening_->port();
  address_ = place.text();
}

HttpServer::~HttpServer() = default;

}  // namespace splitlane::training
