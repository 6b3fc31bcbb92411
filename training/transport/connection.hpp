#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "training/protocol/messages.hpp"

namespace splitlane::training {

/// Of every frame and queue of a stream.
struct TransportLimits {
  std::size_t chunk_bytes = std::size_t{1} << 20;        ///< tensors travel in pieces of this size
  std::size_t most_frame_bytes = std::size_t{8} << 20;   ///< a larger frame ends the stream
  std::size_t most_queued_bytes = std::size_t{1} << 30;  ///< of one stream, waiting to be sent
  std::size_t most_tensor_bytes = std::size_t{4} << 30;  ///< of a message
  double keepalive_s = 2;                                ///< between two questions whether the peer is there
  double keepalive_timeout_s = 3;                        ///< without an answer the stream ends
};

/// One stream between two nodes, both ways, in order, each message once. `send` and `close` may be called from any
/// thread.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Queues the message; tensors are sent from where they lie. Nothing happens on a stream that has ended. Raises
  /// kOutOfRange past `most_queued_bytes`.
  virtual void send(Message message) = 0;
  /// Ends the stream once what is queued is sent, and tells the peer the reason where there is one. `on_closed`
  /// follows.
  virtual void close(const std::string& reason = {}) = 0;
};

/// What a node does with a stream. Calls come from the transport's threads, one at a time for a stream, and must be
/// short.
struct ConnectionHandlers {
  /// A tensor is announced, before there is room for its values: raise an Error to refuse it, which ends the stream.
  /// The message has the tensor's descriptor, and no values. Empty: any tensor up to `most_tensor_bytes`.
  std::function<void(const Message& announced, const TensorDescriptor& descriptor)> on_announced;
  std::function<void(Message message)> on_message;
  /// Exactly once, last of all; without a reason when either side closed the stream.
  std::function<void(std::string reason)> on_closed;
};

/// Takes in streams, until destroyed; then all of its streams have ended, and their handlers are no longer called.
class Listener {
 public:
  virtual ~Listener() = default;
  /// "unix:PATH" or "HOST:PORT", with the port that was chosen where 0 was asked for.
  virtual const std::string& address() const = 0;
};

/// Says, for each new stream, what is done with it. The connection lives as long as its owner keeps it.
using AcceptHandler = std::function<ConnectionHandlers(std::shared_ptr<Connection> connection)>;

/// Raises kFile naming the address where it cannot be listened at (a port that is taken, a directory that is missing).
std::unique_ptr<Listener> listen(const std::string& address, const TransportLimits& limits, AcceptHandler accept);

/// Opens a stream. A peer that cannot be reached within `timeout_s` ends it, with the reason.
std::shared_ptr<Connection> connect(const std::string& address, const TransportLimits& limits,
                                    ConnectionHandlers handlers, double timeout_s = 10);

}  // namespace splitlane::training
