#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace splitlane::training {

/// What a server answers a GET with.
struct HttpAnswer {
  unsigned status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// What a server shows. Both are called on the server's thread.
struct HttpContent {
  std::function<HttpAnswer(const std::string& path)> get;
  /// What a reader of `/events` is told when `version` has grown: JSON on one line.
  std::function<std::string()> status;
  std::function<std::uint64_t()> version;
};

struct HttpLimits {
  std::size_t connections = 64;  ///< more are closed as they come
  int idle_s = 10;               ///< for a request to come, and for a reader to take what is sent
  int period_ms = 250;           ///< readers of `/events` are told at most so often
};

/// A read-only HTTP/1.1 server on one thread of its own. GET and HEAD only; `/events` is a stream of server-sent
/// events. A reader that is slow is told the newest state later, never a queue of old ones, and is dropped when it
/// takes nothing for `idle_s`. The destructor ends all connections at once.
class HttpServer {
 public:
  /// Listens from now on. `address` is "HOST:PORT", or "PORT" of this machine's loopback. Raises kUsage for another
  /// address, and for one that cannot be listened at, with the system's reason.
  HttpServer(const std::string& address, HttpContent content, HttpLimits limits = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// "HOST:PORT", with the port that is listened at.
  const std::string& address() const { return address_; }

 private:
  class Listening;
  std::unique_ptr<Listening> listening_;
  std::string address_;
};

}  // namespace splitlane::training
