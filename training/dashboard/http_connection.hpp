#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "training/dashboard/http_server.hpp"

namespace splitlane::training {

/// One connection of an `HttpServer`: requests one after the other, or a stream of events until it ends. Lives as long
/// as something is awaited. On the server's thread; `content` and `limits` must outlive the server's context.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  /// `counted` is held as long as the connection lives.
  HttpConnection(boost::asio::ip::tcp::socket socket, const HttpContent& content, const HttpLimits& limits,
                 std::shared_ptr<void> counted);

  void read();

 private:
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void answer();
  void send(Response response);
  void begin_events();
  void tell_events();
  void wait_for_news();
  void write_events(std::string bytes);

  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer timer_;
  const HttpContent& content_;
  const HttpLimits& limits_;
  std::shared_ptr<void> counted_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::empty_body>> parser_;
  std::string events_;
  std::optional<std::uint64_t> told_;
  int silent_ = 0;  // periods without news
};

}  // namespace splitlane::training
