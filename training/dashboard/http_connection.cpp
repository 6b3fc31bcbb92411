#include "training/dashboard/http_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/version.hpp>
#include <chrono>
#include <utility>

namespace splitlane::training {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t kMostHeaderBytes = 8192;
// A comment tells whether a reader that hears nothing else is still there.
constexpr const char* kStillHere = ":\n\n";
constexpr int kPeriodsOfSilence = 20;
// The pages load nothing from elsewhere, and no other site may frame them.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "frame-src 'self'; frame-ancestors 'self'";

}  // namespace

HttpConnection::HttpConnection(boost::asio::ip::tcp::socket socket, const HttpContent& content,
                               const HttpLimits& limits, std::shared_ptr<void> counted)
    : stream_(std::move(socket)),
      timer_(stream_.get_executor()),
      content_(content),
      limits_(limits),
      counted_(std::move(counted)) {}

void HttpConnection::read() {
  parser_.emplace();
  parser_->header_limit(kMostHeaderBytes);
  parser_->body_limit(0);
  stream_.expires_after(std::chrono::seconds(limits_.idle_s));
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](beast::error_code error, std::size_t) {
    if (!error) self->answer();
  });
}

void HttpConnection::answer() {
  const auto& request = parser_->get();
  const http::verb method = request.method();
  const std::string target(request.target());
  const std::string path = target.substr(0, target.find('?'));
  if (path == "/events" && method == http::verb::get) return begin_events();
  HttpAnswer content{405, "text/plain; charset=utf-8", "only GET\n"};
  if (method == http::verb::get || method == http::verb::head) content = content_.get(path);
  Response response{static_cast<http::status>(content.status), request.version()};
  if (content.status == 405) response.set(http::field::allow, "GET, HEAD");
  response.set(http::field::content_type, content.type);
  response.set(http::field::cache_control, "no-store");
  response.set("Content-Security-Policy", kPolicy);
  response.set("X-Content-Type-Options", "nosniff");
  response.keep_alive(request.keep_alive());
  response.body() = std::move(content.body);
  response.prepare_payload();
  if (method == http::verb::head) response.body().clear();
  send(std::move(response));
}

void HttpConnection::send(Response response) {
  const auto kept = std::make_shared<Response>(std::move(response));
  stream_.expires_after(std::chrono::seconds(limits_.idle_s));
  http::async_write(stream_, *kept, [self = shared_from_this(), kept](beast::error_code error, std::size_t) {
    if (error) return;
    if (kept->keep_alive()) return self->read();
    self->stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, error);
  });
}

void HttpConnection::begin_events() {
  write_events(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n");
}

void HttpConnection::tell_events() {
  const std::uint64_t version = content_.version();
  if (told_ == version) return wait_for_news();
  told_ = version;
  write_events("data: " + content_.status() + "\n\n");
}

void HttpConnection::wait_for_news() {
  timer_.expires_after(std::chrono::milliseconds(limits_.period_ms));
  timer_.async_wait([self = shared_from_this()](beast::error_code error) {
    if (error) return;
    if (self->told_ == self->content_.version() && ++self->silent_ >= kPeriodsOfSilence) {
      return self->write_events(kStillHere);
    }
    self->tell_events();
  });
}

void HttpConnection::write_events(std::string bytes) {
  events_ = std::move(bytes);
  silent_ = 0;
  const bool is_head = !told_;
  stream_.expires_after(std::chrono::seconds(limits_.idle_s));
  boost::asio::async_write(stream_, boost::asio::buffer(events_),
                           [self = shared_from_this(), is_head](beast::error_code error, std::size_t) {
                             if (error) return;
                             self->stream_.expires_never();
                             is_head ? self->tell_events() : self->wait_for_news();
                           });
}

}  // namespace splitlane::training
