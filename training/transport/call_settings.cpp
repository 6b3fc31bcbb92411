#include "training/transport/call_settings.hpp"

#include <fmt/format.h>
#include <grpc/grpc.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "training/admission/node_domain.hpp"

namespace splitlane::training {

namespace {

// A status travels in a header, and 8 KB are allowed for all of them.
constexpr std::size_t kMostReasonBytes = 1000;
// The first attempts to reach a node that is still starting follow each other quickly.
constexpr int kFirstRetryMs = 50;
constexpr int kLongestRetryMs = 500;

// A frame that is a little too large is read, so that the reason can be told to both sides; gRPC itself cuts off the
// sender of a larger one.
int most_message_bytes(const TransportLimits& limits) {
  return static_cast<int>(std::min<std::size_t>(2 * limits.most_frame_bytes, std::numeric_limits<int>::max()));
}

constexpr std::string_view kIsGone = " is gone: ";

int milliseconds(double seconds) { return std::max(1, static_cast<int>(seconds * 1000)); }

}  // namespace

std::shared_ptr<grpc::ServerCredentials> server_credentials(const NodeSecurity* security) {
  if (security == nullptr) return grpc::InsecureServerCredentials();
  const Identity& identity = security->identity;
  // The handshake proves that the peer has the key of what it shows. Whether that counts is said afterwards, by
  // `verified_node`, so that a node that is refused hears why, and one without a certificate can ask for it.
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.pem_root_certs = identity.authority;
  // With the authority, which nodes that join know by its fingerprint.
  options.pem_key_cert_pairs.push_back({identity.key, identity.certificate + identity.authority});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const Identity* identity) {
  if (identity == nullptr) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({identity->authority, identity->key, identity->certificate});
}

std::shared_ptr<grpc::ChannelCredentials> newcomer_credentials(const std::string& authority) {
  return grpc::SslCredentials({authority, "", ""});
}

void require_peer(grpc::ChannelArguments& arguments, const NodeName& peer) {
  arguments.SetSslTargetNameOverride(domain_of(peer));
}

grpc::ChannelArguments channel_arguments(const TransportLimits& limits) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(most_message_bytes(limits));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(limits.keepalive_s));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(limits.keepalive_timeout_s));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A socket of its own: streams that share one wait for each other's windows.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstRetryMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestRetryMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
  return arguments;
}

void set_server_arguments(grpc::ServerBuilder& builder, const TransportLimits& limits) {
  builder.SetMaxReceiveMessageSize(most_message_bytes(limits));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(limits.keepalive_s));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, milliseconds(limits.keepalive_timeout_s));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A peer's keepalive is welcome at any rate; by default frequent ones end the connection.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
  // Nodes open a stream as soon as they are through. Who does not takes up a place to no purpose.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, milliseconds(limits.handshake_timeout_s));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, milliseconds(limits.idle_timeout_s));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits.most_streams);
  // Otherwise two processes could listen at one port, each with some of the streams.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

grpc::Status status_of(const std::string& reason) {
  if (reason.empty()) return grpc::Status::OK;
  std::size_t bytes = std::min(reason.size(), kMostReasonBytes);
  // Not within a character, whose further bytes in UTF-8 begin with the bits 10.
  while (bytes < reason.size() && bytes > 0 && (static_cast<unsigned char>(reason[bytes]) & 0xC0U) == 0x80U) --bytes;
  return {grpc::StatusCode::ABORTED, reason.substr(0, bytes)};
}

std::string reason_of(const grpc::Status& status, const std::string& peer) {
  if (status.ok()) return "";
  if (status.error_code() == grpc::StatusCode::ABORTED)
    return fmt::format("ended by {}: {}", peer, status.error_message());
  return fmt::format("{}{}{}", peer, kIsGone, status.error_message());
}

bool peer_is_gone(const std::string& reason) { return reason.find(kIsGone) != std::string::npos; }

}  // namespace splitlane::training
