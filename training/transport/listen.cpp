#include <fmt/format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <filesystem>
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

class NodeService : public v2::Nodes::WithRawCallbackMethod_Exchange<v2::Nodes::Service> {
 public:
  NodeService(const TransportLimits& limits, AcceptHandler accept) : limits_(limits), accept_(std::move(accept)) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Exchange(grpc::CallbackServerContext* context) override {
    auto stream = std::make_shared<Stream>(limits_, "the peer");
    if (!streams_->add(stream)) return new RefusedCall(kListenerClosed);
    ConnectionHandlers handlers;
    try {
      handlers = accept_(connection_to(stream));
    } catch (const std::exception& error) {
      streams_->remove(stream);
      return new RefusedCall(error.what());
    }
    auto* call = new TakenCall(*context, std::move(stream), streams_);
    call->start(std::move(handlers));
    return call;
  }

  OpenStreams& streams() { return *streams_; }

 private:
  const TransportLimits limits_;
  AcceptHandler accept_;
  std::shared_ptr<OpenStreams> streams_ = std::make_shared<OpenStreams>();
};

class GrpcListener : public Listener {
 public:
  GrpcListener(NodeAddress address, const TransportLimits& limits, AcceptHandler accept)
      : address_(std::move(address)), limits_(limits), service_(limits, std::move(accept)) {
    if (!address_.path.empty()) make_way_for_socket(address_.path);
    grpc::ServerBuilder builder;
    set_server_arguments(builder, limits);
    int port = 0;
    builder.AddListeningPort(address_.text(), server_credentials(), &port);
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
  NodeService service_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

std::unique_ptr<Listener> listen(const std::string& address, const TransportLimits& limits, AcceptHandler accept) {
  prepare_grpc();
  return std::make_unique<GrpcListener>(NodeAddress::parsed(address), limits, std::move(accept));
}

}  // namespace splitlane::training
