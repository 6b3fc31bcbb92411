#include "training/transport/stream.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

#include "base/assert.hpp"
#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

class StreamConnection : public Connection {
 public:
  StreamConnection(std::shared_ptr<Stream> stream, std::optional<NodeName> peer)
      : stream_(std::move(stream)), peer_(std::move(peer)) {}
  ~StreamConnection() override { stream_->abandon(); }
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  void send(Message message) override { stream_->send(message); }
  void close(const std::string& reason) override { stream_->close(reason); }
  const std::optional<NodeName>& peer() const override { return peer_; }

 private:
  std::shared_ptr<Stream> stream_;
  std::optional<NodeName> peer_;
};

}  // namespace

std::shared_ptr<Connection> connection_to(std::shared_ptr<Stream> stream, std::optional<NodeName> peer) {
  return std::make_shared<StreamConnection>(std::move(stream), std::move(peer));
}

Stream::Stream(const TransportLimits& limits, std::string peer)
    : limits_(limits), peer_(std::move(peer)), reader_(limits) {}

void Stream::send(const Message& message) {
  // Serialised before the lock, so that senders wait for each other's bookkeeping alone.
  OutgoingMessage outgoing(message, limits_);
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kOpen) return;
  if (outgoing.bytes() > limits_.most_queued_bytes - queued_bytes_) {
    throw Error(
        ErrorCode::kOutOfRange,
        {peer_, "takes messages more slowly than they are sent to it, in bytes that wait",
         std::to_string(queued_bytes_ + outgoing.bytes()), fmt::format("at most {}", limits_.most_queued_bytes)});
  }
  queued_bytes_ += outgoing.bytes();
  queue_.push_back(std::move(outgoing));
  go_on();
}

void Stream::refused(const std::string& reason) const {
  if (log_refusal_) log_refusal_(reason);
}

void Stream::close(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kOpen) return;
  if (!reason.empty()) {
    reason_ = reason;
    refused(reason);
  }
  phase_ = Phase::kDraining;
  go_on();
}

void Stream::abandon() {
  {
    const std::lock_guard handlers_lock(handlers_mutex_);
    abandoned_ = true;
  }
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kOpen) return wait_for_the_end();
  end_for("its owner has let go of the connection");
  if (call_ != nullptr) call_->cancel();
}

void Stream::open(StreamCall& call, ConnectionHandlers handlers) {
  {
    const std::lock_guard handlers_lock(handlers_mutex_);
    handlers_ = std::move(handlers);
  }
  const std::lock_guard lock(mutex_);
  call_ = &call;
  call_->read(&incoming_);
  go_on();
}

void Stream::fail(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  end_for(reason);
}

void Stream::reached() {
  const std::lock_guard lock(mutex_);
  reached_ = true;
}

void Stream::give_up_unless_reached(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (reached_ || call_ == nullptr) return;
  end_for(reason);
  call_->cancel();
}

// Begins the next write, if one is due. With mutex_ held, as all that follow but deliver().
void Stream::go_on() {
  if (call_ == nullptr || writing_) return;
  if (phase_ != Phase::kEnding) {
    if (!queue_.empty()) {
      outgoing_bytes_ = queue_.front().bytes();
      outgoing_ = queue_.front().next_frame();
      outgoing_bytes_ -= queue_.front().bytes();
      if (queue_.front().finished()) queue_.pop_front();
      writing_ = true;
      call_->write(&outgoing_);
      return;
    }
    if (phase_ == Phase::kOpen) return;
    phase_ = Phase::kEnding;
    wait_for_the_end();
  }
  if (std::exchange(end_told_, true)) return;
  call_->end(reason_.value_or(""));
}

// Drops what is queued. Without a reason (an empty one is: in order), the call will say it.
void Stream::end_for(std::optional<std::string> reason) {
  if (phase_ == Phase::kEnding) return;
  if (!reason_) reason_ = std::move(reason);
  phase_ = Phase::kEnding;
  queue_.clear();
  queued_bytes_ = 0;
  wait_for_the_end();
  go_on();
}

void Stream::wait_for_the_end() {
  if (call_ == nullptr || std::exchange(waiting_for_the_end_, true)) return;
  const auto deadline = std::chrono::system_clock::now() +
                        std::chrono::microseconds(static_cast<std::int64_t>(limits_.close_timeout_s * 1e6));
  alarm_.Set(deadline, [weak = weak_from_this()](bool expired) {
    const std::shared_ptr<Stream> stream = weak.lock();
    if (!expired || stream == nullptr) return;
    const std::lock_guard lock(stream->mutex_);
    if (stream->call_ == nullptr) return;
    if (!stream->reason_) stream->reason_ = fmt::format("{} does not take the end of the stream", stream->peer_);
    stream->call_->cancel();
  });
}

void Stream::read_done(bool ok) {
  if (ok) {
    deliver();
    const std::lock_guard lock(mutex_);
    call_->read(&incoming_);
    return;
  }
  const std::lock_guard lock(mutex_);
  end_for(call_->reading_ended());
}

// Reads the frame that has come, and hands over what it completes. Calls of a stream come one after the other, because
// the next read begins afterwards.
void Stream::deliver() {
  const std::lock_guard handlers_lock(handlers_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (reason_ || abandoned_) return;
  }
  try {
    FrameReader::Result result = reader_.read(incoming_, handlers_.on_announced);
    if (result.message && !abandoned_ && handlers_.on_message) handlers_.on_message(std::move(*result.message));
    if (result.end) {
      const std::lock_guard lock(mutex_);
      end_for(result.end->empty() ? std::string() : fmt::format("ended by {}: {}", peer_, *result.end));
    }
  } catch (const std::exception& error) {
    refused(error.what());
    fail(error.what());
  }
}

void Stream::write_done(bool ok) {
  const std::lock_guard lock(mutex_);
  writing_ = false;
  outgoing_.Clear();
  if (phase_ != Phase::kEnding) queued_bytes_ -= outgoing_bytes_;
  // After a failed write the read fails too, and says why.
  if (ok || phase_ == Phase::kEnding) go_on();
}

void Stream::done(const std::string& reason) {
  std::string final_reason;
  {
    const std::lock_guard lock(mutex_);
    call_ = nullptr;
    phase_ = Phase::kEnding;
    queue_.clear();
    alarm_.Cancel();
    final_reason = reason_.value_or(reason);
  }
  ConnectionHandlers handlers;
  {
    const std::lock_guard handlers_lock(handlers_mutex_);
    if (!abandoned_ && handlers_.on_closed) handlers_.on_closed(final_reason);
    handlers = std::exchange(handlers_, {});
  }
  // Destroyed here, without a lock: they may hold the connection that holds this stream.
}

}  // namespace splitlane::training
