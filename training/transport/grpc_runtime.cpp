#include "training/transport/grpc_runtime.hpp"

#include <grpc/support/log.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/client_callback.h>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv is POSIX's

#include <cstdlib>
#include <memory>

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

// gRPC's log says in its words what the reasons of streams say in ours.
void keep_log_quiet() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) gpr_set_log_function([](gpr_log_func_args*) {});
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

}  // namespace splitlane::training
