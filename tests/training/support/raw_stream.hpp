#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "training/support/stream_ends.hpp"

namespace splitlane::training::test {

/// A peer that sends whatever bytes it is told to, one frame after the other.
class RawStream : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit RawStream(const std::string& address, const std::string& method = "/splitlane.training.v2.Nodes/Exchange")
      : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {
    stub_.PrepareBidiStreamingCall(&context_, method, {}, this);
    AddHold();
    StartRead(&incoming_);
    StartCall();
  }
  ~RawStream() override {
    cancel();
    status();
  }

  /// False where the stream has ended.
  bool send(const std::string& bytes) {
    const grpc::Slice slice(bytes);
    return send(grpc::ByteBuffer(&slice, 1));
  }
  bool send(grpc::ByteBuffer frame) {
    std::unique_lock lock(mutex_);
    if (ended_) return false;
    outgoing_ = std::move(frame);
    writing_ = true;
    StartWrite(&outgoing_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [this] { return !writing_; }));
    return written_;
  }
  void cancel() { context_.TryCancel(); }
  /// Waits for the end.
  grpc::Status status() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [this] { return done_; }));
    return status_;
  }

  void OnReadDone(bool ok) override {
    if (ok) return StartRead(&incoming_);
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    RemoveHold();
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    written_ = ok;
    changed_.notify_all();
  }
  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_ = true;
    changed_.notify_all();
  }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer incoming_;
  std::mutex mutex_;
  std::condition_variable changed_;
  grpc::ByteBuffer outgoing_;
  bool writing_ = false;
  bool written_ = false;
  bool ended_ = false;
  bool done_ = false;
  grpc::Status status_;
};

}  // namespace splitlane::training::test
