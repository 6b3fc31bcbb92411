#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "training/transport/connection.hpp"
#include "training/transport/frame_reader.hpp"
#include "training/transport/outgoing_message.hpp"

namespace splitlane::training {

/// gRPC's side of a stream: the call, as the node that opened it or the node that took it in sees it. Each read and
/// write ends in `Stream::read_done` and `write_done`, never before the function returns.
class StreamCall {
 public:
  virtual ~StreamCall() = default;
  virtual void read(grpc::ByteBuffer* frame) = 0;
  virtual void write(const grpc::ByteBuffer* frame) = 0;
  /// Tells the peer that the stream ends and why (empty: in order). Only while no write is under way, and once.
  virtual void end(const std::string& reason) = 0;
  /// A read has failed. Returns why the stream ends, where it was not ending already; nothing where `done` will say.
  virtual std::optional<std::string> reading_ended() = 0;
  virtual void cancel() = 0;
};

/// What both sides of a stream have in common: the queue, one write and one read at a time, handlers called one after
/// the other, the order in which a stream ends. Owned by the call until it is done, and by the Connection.
///
/// Threads: `mutex_` guards the state and is held while gRPC is asked for a read or a write; `handlers_mutex_` is held
/// while a handler runs, and taken before `mutex_` where both are. It is recursive, because a handler may let go of
/// its own connection.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  /// `peer` names the other side in reasons.
  Stream(const TransportLimits& limits, std::string peer);

  // What a Connection does.
  void send(const Message& message);
  void close(const std::string& reason);
  /// No handler is called after this has returned. A stream that is open is cancelled.
  void abandon();

  // What the listener and connect do.
  void open(StreamCall& call, ConnectionHandlers handlers);
  /// Of what this side refuses the peer, before the peer hears it. To be said before `open`.
  void log_refusals(std::function<void(const std::string& reason)> log) { log_refusal_ = std::move(log); }
  /// Ends the stream for a reason that both sides are told, unless it is ending already.
  void fail(const std::string& reason);
  /// The peer has taken in the stream.
  void reached();
  /// Cancels the stream with this reason unless it was `reached`.
  void give_up_unless_reached(const std::string& reason);

  // What a call reports.
  void read_done(bool ok);
  void write_done(bool ok);
  /// Last of all; `reason` counts where this side has none of its own.
  void done(const std::string& reason);

 private:
  enum class Phase {
    kOpen,      // messages go both ways
    kDraining,  // closed by this side; what is queued is still sent
    kEnding,    // nothing is sent but the end
  };

  void refused(const std::string& reason) const;
  void go_on();
  void end_for(std::optional<std::string> reason);
  void wait_for_the_end();
  void deliver();

  const TransportLimits limits_;
  const std::string peer_;
  std::function<void(const std::string&)> log_refusal_;  // may be empty

  std::mutex mutex_;
  StreamCall* call_ = nullptr;  // between open and done
  Phase phase_ = Phase::kOpen;
  std::optional<std::string> reason_;  // the first one counts
  bool reached_ = false;
  bool writing_ = false;
  bool end_told_ = false;
  std::deque<OutgoingMessage> queue_;
  std::size_t queued_bytes_ = 0;
  grpc::ByteBuffer outgoing_;       // the frame that is being written
  std::size_t outgoing_bytes_ = 0;  // what it takes from queued_bytes_
  grpc::Alarm alarm_;
  bool waiting_for_the_end_ = false;

  std::recursive_mutex handlers_mutex_;
  bool abandoned_ = false;
  ConnectionHandlers handlers_;

  grpc::ByteBuffer incoming_;  // by the one read that is under way
  FrameReader reader_;
};

/// A Connection to the stream, which it ends when it is destroyed. `peer` is who the other side is by its certificate.
std::shared_ptr<Connection> connection_to(std::shared_ptr<Stream> stream, std::optional<NodeName> peer);

}  // namespace splitlane::training
