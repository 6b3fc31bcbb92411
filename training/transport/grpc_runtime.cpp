#include "training/transport/grpc_runtime.hpp"

#include <grpc/support/log.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/client_callback.h>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv is POSIX's
#include <sys/resource.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace splitlane::training {

namespace {

/// A call on a channel that leads nowhere, which ends at once.
class EmptyCall : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit EmptyCall(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    stub_.PrepareBidiStreamingCall(&context_, "/none/none", {}, this);
    StartCall();
  }
  void OnDone(const grpc::Status&) override { delete this; }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
};

using Log = std::function<void(const std::string&)>;

/// Who hears of handshakes. Never destroyed, because gRPC's threads outlive what is static.
struct HandshakeLogs {
  std::mutex mutex;
  std::set<const Log*> all;
};
HandshakeLogs& handshake_logs() {
  static auto* const logs = new HandshakeLogs;
  return *logs;
}

/// Of what gRPC 1.51 says of a handshake that failed: why, where the peer was to blame. A peer that has gone, as a node
/// does that has read the certificates, was not refused.
std::string_view refusal_in(std::string_view said) {
  constexpr std::string_view failed = "Handshaking failed: ", ssl = "SSL_ERROR_SSL: ";
  if (!said.starts_with(failed)) return {};
  if (said.find("Handshake timed out") != std::string_view::npos) return "not through it in time";
  const std::size_t found = said.find(ssl);
  if (found == std::string_view::npos) return {};
  said.remove_prefix(found + ssl.size());
  return said.substr(0, said.find(" {"));
}

void hear(gpr_log_func_args* said) {
  const std::string_view refusal = refusal_in(said->message);
  if (refusal.empty()) return;
  const std::lock_guard lock(handshake_logs().mutex);
  for (const Log* log : handshake_logs().all) (*log)("a peer: TLS handshake: " + std::string(refusal));
}

// gRPC's log says in its words what the reasons of streams say in ours, but for failed handshakes, of which it alone
// knows, and which it tells those who debug.
void keep_log_quiet() {
  if (std::getenv("GRPC_VERBOSITY") != nullptr) return;
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_DEBUG);
  gpr_set_log_function(hear);
}

// gRPC 1.51 has no setting for the oldest TLS. The list names no cipher of TLS 1.2 that our nodes could agree on (they
// have no keys in common), and those of TLS 1.3 are not chosen by it.
void allow_only_tls_1_3() { setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 1); }

// Callbacks run on threads that gRPC starts with the first channel and joins with the last one, in the thread that
// destroys it. A channel that ends with its stream is destroyed in a callback, so on such a thread, which would join
// itself and then go on with freed memory (gRPC 1.51). This channel is never destroyed, so no other is the last.
void keep_callback_threads() {
  static const auto* const channel = new std::shared_ptr<grpc::Channel>(grpc::CreateChannel("", nullptr));
  new EmptyCall(*channel);
}

}  // namespace

void prepare_grpc() {
  static const bool once = [] {
    keep_log_quiet();
    allow_only_tls_1_3();
    keep_callback_threads();
    return true;
  }();
  static_cast<void>(once);
}

void allow_many_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

HandshakeLog::HandshakeLog(std::function<void(const std::string&)> log) : log_(std::move(log)) {
  if (!log_) return;
  const std::lock_guard lock(handshake_logs().mutex);
  handshake_logs().all.insert(&log_);
}

HandshakeLog::~HandshakeLog() {
  const std::lock_guard lock(handshake_logs().mutex);
  handshake_logs().all.erase(&log_);
}

}  // namespace splitlane::training
