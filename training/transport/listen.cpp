#include <fmt/format.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"
#include "training/protocol/training.grpc.pb.h"
#include "training/transport/address.hpp"
#include "training/transport/call_settings.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/grpc_runtime.hpp"
#include "training/transport/stream.hpp"

namespace splitlane::training {

namespace {

constexpr const char* kListenerClosed = "the listener has closed";

/// The streams of a listener that have not ended.
class OpenStreams {
 public:
  /// False once `end_all` was called.
  bool add(const std::shared_ptr<Stream>& stream) {
    const std::lock_guard lock(mutex_);
    if (!ending_) streams_.insert(stream);
    return !ending_;
  }
  void remove(const std::shared_ptr<Stream>& stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(stream);
    changed_.notify_all();
  }
  void end_all() {
    std::vector<std::shared_ptr<Stream>> streams;
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      streams.assign(streams_.begin(), streams_.end());
    }
    for (const std::shared_ptr<Stream>& stream : streams) stream->fail(kListenerClosed);
  }
  void wait_until_none() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return streams_.empty(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::set<std::shared_ptr<Stream>> streams_;
};

/// The call of the node that takes in the stream. Deletes itself when it is done.
class TakenCall : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>, public StreamCall {
 public:
  TakenCall(grpc::CallbackServerContext& context, std::shared_ptr<Stream> stream, std::shared_ptr<OpenStreams> all)
      : context_(context), stream_(std::move(stream)), all_(std::move(all)) {}

  void start(ConnectionHandlers handlers) {
    StartSendInitialMetadata();  // tells the peer that it has reached this node
    stream_->open(*this, std::move(handlers));
  }

  void read(grpc::ByteBuffer* frame) override { StartRead(frame); }
  void write(const grpc::ByteBuffer* frame) override { StartWrite(frame); }
  void end(const std::string& reason) override { Finish(status_of(reason)); }
  std::optional<std::string> reading_ended() override { return kGone; }
  void cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override { stream_->read_done(ok); }
  void OnWriteDone(bool ok) override { stream_->write_done(ok); }
  void OnDone() override {
    stream_->done(context_.IsCancelled() ? kGone : "");
    all_->remove(stream_);
    delete this;
  }

 private:
  static constexpr const char* kGone = "the peer is gone";

  grpc::CallbackServerContext& context_;
  std::shared_ptr<Stream> stream_;
  std::shared_ptr<OpenStreams> all_;
};

/// Ends a call that is not taken in.
class RefusedCall : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RefusedCall(const std::string& reason) { Finish(status_of(reason)); }
  void OnDone() override { delete this; }
};

/// Who may do what at a listener.
class Door {
 public:
  explicit Door(std::shared_ptr<const NodeSecurity> security) : security_(std::move(security)) {}

  /// Who has called, by the certificate; nullopt where nothing is encrypted. Raises what is wrong with it.
  std::optional<NodeName> caller(const grpc::CallbackServerContext& context) const {
    if (security_ == nullptr) return std::nullopt;
    const auto shown = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (shown.empty()) {
      throw Error(ErrorCode::kInconsistent,
                  {"certificate", "the peer shows none", "", "one that this training's aggregator signed"});
    }
    const std::string certificate(shown.front().data(), shown.front().size());
    NodeName node = verified_node(certificate, security_->identity.authority);
    if (security_->require_member) security_->require_member(node, certificate);
    return node;
  }

  /// Runs `answer`, which raises an Error to refuse the caller; the status of the call.
  template <class Answer>
  grpc::Status answered(const grpc::CallbackServerContext& context, Answer answer) const {
    try {
      answer();
      return grpc::Status::OK;
    } catch (const std::exception& error) {
      if (security_ != nullptr && security_->on_refused) {
        security_->on_refused(fmt::format("{}: {}", context.peer(), error.what()));
      }
      return status_of(error.what());
    }
  }

  /// Takes reasons for which a stream of that caller is refused later on; empty where there is no log.
  std::function<void(const std::string&)> log_of(const grpc::CallbackServerContext& context,
                                                 const std::optional<NodeName>& caller) const {
    if (security_ == nullptr || !security_->on_refused || !caller) return {};
    return [security = security_, peer = fmt::format("{}: {}", context.peer(), described(*caller))](
               const std::string& reason) { security->on_refused(fmt::format("{}: {}", peer, reason)); };
  }

  /// Raises kUsage where this is no aggregator that admits nodes.
  const NodeSecurity& aggregator() const {
    if (security_ != nullptr && security_->admit) return *security_;
    throw Error(ErrorCode::kUsage, {"admission", "this node is not the aggregator", "", ""});
  }

 private:
  std::shared_ptr<const NodeSecurity> security_;
};

using Nodes = v2::Nodes;
using NodesBase = Nodes::WithRawCallbackMethod_Exchange<Nodes::WithCallbackMethod_Admit<
    Nodes::WithCallbackMethod_Describe<Nodes::WithCallbackMethod_ReadClock<Nodes::Service>>>>;

class NodeService : public NodesBase {
 public:
  NodeService(const TransportLimits& limits, AcceptHandler accept, std::shared_ptr<const NodeSecurity> security)
      : limits_(limits), accept_(std::move(accept)), door_(std::move(security)) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Exchange(grpc::CallbackServerContext* context) override {
    auto stream = std::make_shared<Stream>(limits_, "the peer");
    if (!streams_->add(stream)) return new RefusedCall(kListenerClosed);
    ConnectionHandlers handlers;
    const grpc::Status status = door_.answered(*context, [&] {
      const std::optional<NodeName> caller = door_.caller(*context);
      stream->log_refusals(door_.log_of(*context, caller));
      handlers = accept_(connection_to(stream, caller));
    });
    if (!status.ok()) {
      streams_->remove(stream);
      return new RefusedCall(status.error_message());
    }
    auto* call = new TakenCall(*context, std::move(stream), streams_);
    call->start(std::move(handlers));
    return call;
  }

  grpc::ServerUnaryReactor* Admit(grpc::CallbackServerContext* context, const v2::AdmitQuestion* question,
                                  v2::AdmitAnswer* answer) override {
    return finished(
        *context, [&] { answer->set_certificate(door_.aggregator().admit(question->secret(), question->request())); });
  }

  grpc::ServerUnaryReactor* Describe(grpc::CallbackServerContext* context, const v2::DescribeQuestion* /*question*/,
                                     v2::DescribeAnswer* answer) override {
    return finished(*context, [&] {
      door_.caller(*context);
      TrainingDescription description = door_.aggregator().describe();
      answer->set_training(std::move(description.training));
      answer->set_instance(std::move(description.instance));
      answer->set_network(std::move(description.network));
    });
  }

  grpc::ServerUnaryReactor* ReadClock(grpc::CallbackServerContext* context, const v2::ReadClockQuestion* /*question*/,
                                      v2::ReadClockAnswer* answer) override {
    return finished(*context, [&] {
      door_.caller(*context);
      answer->set_now(door_.aggregator().clock());
    });
  }

  OpenStreams& streams() { return *streams_; }

 private:
  template <class Answer>
  grpc::ServerUnaryReactor* finished(grpc::CallbackServerContext& context, Answer answer) {
    grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
    reactor->Finish(door_.answered(context, answer));
    return reactor;
  }

  const TransportLimits limits_;
  AcceptHandler accept_;
  Door door_;
  std::shared_ptr<OpenStreams> streams_ = std::make_shared<OpenStreams>();
};

class GrpcListener : public Listener {
 public:
  GrpcListener(NodeAddress address, const TransportLimits& limits, AcceptHandler accept,
               std::shared_ptr<const NodeSecurity> security)
      : address_(std::move(address)),
        limits_(limits),
        credentials_(server_credentials(security.get())),
        handshake_log_(security == nullptr ? nullptr : security->on_refused),
        service_(limits, std::move(accept), std::move(security)) {
    if (!address_.path.empty()) make_way_for_socket(address_.path);
    grpc::ServerBuilder builder;
    set_server_arguments(builder, limits);
    int port = 0;
    builder.AddListeningPort(address_.text(), credentials_, &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || port == 0) {
      throw Error(ErrorCode::kFile, {address_.text(), "cannot listen: " + why_not_listening(), "", ""});
    }
    if (address_.path.empty()) address_.port = port;
    text_ = address_.text();
  }

  ~GrpcListener() override {
    service_.streams().end_all();
    server_->Shutdown(std::chrono::system_clock::now() +
                      std::chrono::microseconds(static_cast<std::int64_t>(limits_.close_timeout_s * 1e6)));
    service_.streams().wait_until_none();
    server_.reset();
    std::error_code ignored;
    if (!address_.path.empty()) std::filesystem::remove(address_.path, ignored);
  }
  GrpcListener(const GrpcListener&) = delete;
  GrpcListener& operator=(const GrpcListener&) = delete;

  const std::string& address() const override { return text_; }

 private:
  std::string why_not_listening() const {
    return address_.path.empty() ? why_not_bound(address_) : "no socket can be made there";
  }

  NodeAddress address_;
  std::string text_;
  TransportLimits limits_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  HandshakeLog handshake_log_;
  NodeService service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

std::unique_ptr<Listener> listen(const std::string& address, const TransportLimits& limits, AcceptHandler accept,
                                 std::shared_ptr<const NodeSecurity> security) {
  prepare_grpc();
  allow_many_files();
  return std::make_unique<GrpcListener>(NodeAddress::parsed(address), limits, std::move(accept), std::move(security));
}

}  // namespace splitlane::training
