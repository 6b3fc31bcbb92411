#include <fmt/format.h>
#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/client_callback.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "training/transport/address.hpp"
#include "training/transport/call_settings.hpp"
#include "training/transport/connection.hpp"
#include "training/transport/grpc_runtime.hpp"
#include "training/transport/stream.hpp"

namespace splitlane::training {

namespace {

// The method of training.proto's service.
constexpr const char* kExchangeMethod = "/splitlane.training.v2.Nodes/Exchange";

/// The call of the node that opens the stream. Deletes itself when it is done.
class OpenedCall : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>, public StreamCall {
 public:
  OpenedCall(std::string address, const std::shared_ptr<grpc::Channel>& channel, std::shared_ptr<Stream> stream)
      : address_(std::move(address)), stub_(channel), stream_(std::move(stream)) {
    context_.set_wait_for_ready(true);
  }

  void start(ConnectionHandlers handlers, double timeout_s) {
    stub_.PrepareBidiStreamingCall(&context_, kExchangeMethod, {}, this);
    AddHold();  // until reading has ended: others may write
    const auto deadline =
        std::chrono::system_clock::now() + std::chrono::microseconds(static_cast<std::int64_t>(timeout_s * 1e6));
    alarm_.Set(deadline, [weak = std::weak_ptr<Stream>(stream_), address = address_, timeout_s](bool expired) {
      const std::shared_ptr<Stream> stream = weak.lock();
      if (!expired || stream == nullptr) return;
      stream->give_up_unless_reached(fmt::format("{} was not reached within {} s", address, timeout_s));
    });
    stream_->open(*this, std::move(handlers));
    StartCall();
  }

  void read(grpc::ByteBuffer* frame) override { StartRead(frame); }
  void write(const grpc::ByteBuffer* frame) override { StartWrite(frame); }
  void end(const std::string& reason) override {
    end_ = end_frame(reason);
    StartWriteLast(&end_, {});
  }
  std::optional<std::string> reading_ended() override {
    RemoveHold();
    return std::nullopt;
  }
  void cancel() override { context_.TryCancel(); }

  void OnReadInitialMetadataDone(bool ok) override {
    if (ok) stream_->reached();
  }
  void OnReadDone(bool ok) override { stream_->read_done(ok); }
  void OnWriteDone(bool ok) override { stream_->write_done(ok); }
  void OnDone(const grpc::Status& status) override {
    alarm_.Cancel();
    stream_->done(reason_of(status, address_));
    delete this;
  }

 private:
  const std::string address_;
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::Alarm alarm_;
  grpc::ByteBuffer end_;
  std::shared_ptr<Stream> stream_;
};

}  // namespace

std::shared_ptr<Connection> connect(const std::string& address, const TransportLimits& limits,
                                    ConnectionHandlers handlers, double timeout_s,
                                    const std::optional<SecurePeer>& secure) {
  prepare_grpc();
  const std::string target = NodeAddress::parsed(address).text();
  const std::string name = secure ? fmt::format("{} at {}", described(secure->peer), target) : target;
  grpc::ChannelArguments arguments = channel_arguments(limits);
  if (secure) require_peer(arguments, secure->peer);
  const auto channel =
      grpc::CreateCustomChannel(target, channel_credentials(secure ? secure->identity.get() : nullptr), arguments);
  auto stream = std::make_shared<Stream>(limits, name);
  auto connection = connection_to(stream, secure ? std::optional(secure->peer) : std::nullopt);
  (new OpenedCall(name, channel, std::move(stream)))->start(std::move(handlers), timeout_s);
  return connection;
}

}  // namespace splitlane::training
