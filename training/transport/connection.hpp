#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "training/protocol/messages.hpp"
#include "training/transport/security.hpp"

namespace splitlane::training {

/// Of every frame and queue of a stream.
struct TransportLimits {
  std::size_t chunk_bytes = std::size_t{1} << 20;        ///< tensors travel in pieces of this size
  std::size_t most_frame_bytes = std::size_t{8} << 20;   ///< a larger frame ends the stream
  std::size_t most_queued_bytes = std::size_t{1} << 30;  ///< of one stream, waiting to be sent
  std::size_t most_tensor_bytes = std::size_t{4} << 30;  ///< of a message
  double keepalive_s = 2;                                ///< between two questions whether the peer is there
  double keepalive_timeout_s = 3;                        ///< without an answer the stream ends
  double handshake_timeout_s = 5;                        ///< a peer that has not come through TLS by then is left
  double idle_timeout_s = 10;                            ///< and one that has opened no stream by then
  int most_streams = 8;                                  ///< on one connection; nodes open one
  double close_timeout_s = 5;                            ///< a peer that does not take the end is left after it
};

/// One stream between two nodes, both ways, in order, each message once. `send` and `close` may be called from any
/// thread. Once it is destroyed no handler is called any more (it waits for one that runs in another thread, so a lock
/// that a handler wants must not be held). Destroyed while open, the stream ends at once, with what is queued lost;
/// destroyed after `close`, it goes on by itself for `close_timeout_s` at most.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Queues the message; tensors are sent from where they lie. Nothing happens on a stream that was closed or has
  /// ended. Raises kOutOfRange past `most_queued_bytes`, `most_tensor_bytes` or `most_frame_bytes`, kMissingKey for a
  /// tensor without values; the stream goes on.
  virtual void send(Message message) = 0;
  /// Ends the stream once what is queued is sent, and tells the peer the reason where there is one. `on_closed`
  /// follows, with that reason on this side too. What the peer has not sent by then is lost. After a close with a
  /// reason no message is delivered.
  virtual void close(const std::string& reason = {}) = 0;
  /// Who the peer is by its certificate; nullopt where the stream is not encrypted.
  virtual const std::optional<NodeName>& peer() const = 0;
};

/// What a node does with a stream. Calls come from the transport's threads, one at a time for a stream, and must be
/// short.
struct ConnectionHandlers {
  /// A tensor is announced, before there is room for its values: raise an Error to refuse it, which ends the stream.
  /// The message has the tensor's descriptor, and no values. Empty: any tensor up to `most_tensor_bytes`.
  std::function<void(const Message& announced, const TensorDescriptor& descriptor)> on_announced;
  std::function<void(Message message)> on_message;
  /// Exactly once, last of all, unless the connection was destroyed before; without a reason when either side closed
  /// the stream without one. What `on_announced` and `on_message` raise ends the stream and is the reason.
  std::function<void(std::string reason)> on_closed;
};

/// Takes in streams, until destroyed; then all of its streams have ended, and their handlers are no longer called. Not
/// to be destroyed by a handler.
class Listener {
 public:
  virtual ~Listener() = default;
  /// "unix:PATH" or "HOST:PORT", with the port that was chosen where 0 was asked for.
  virtual const std::string& address() const = 0;
};

/// Says, for each new stream, what is done with it. The connection lives as long as its owner keeps it.
using AcceptHandler = std::function<ConnectionHandlers(std::shared_ptr<Connection> connection)>;

/// With `security`, streams are encrypted, and only those of nodes that it admits are taken in. Raises kFile naming the
/// address where it cannot be listened at (a port that is taken, a directory that is missing), kUsage for what is no
/// address.
std::unique_ptr<Listener> listen(const std::string& address, const TransportLimits& limits, AcceptHandler accept,
                                 std::shared_ptr<const NodeSecurity> security = nullptr);

inline constexpr double kConnectTimeout = 10;

/// Whether a stream with this reason has ended because the peer is gone, rather than because the peer ended it.
bool peer_is_gone(const std::string& reason);

/// Opens a stream. A peer that cannot be reached within `timeout_s`, which may come up meanwhile, ends it, with the
/// reason; so does, where `secure` says who the peer must be, one that is not. Raises kUsage for what is no address.
/// Handlers may be called before it returns.
std::shared_ptr<Connection> connect(const std::string& address, const TransportLimits& limits,
                                    ConnectionHandlers handlers, double timeout_s = kConnectTimeout,
                                    const std::optional<SecurePeer>& secure = {});

}  // namespace splitlane::training
