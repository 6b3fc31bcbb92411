#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "training/transport/connection.hpp"

namespace splitlane::training::test {

// No test comes near it, unless something hangs.
inline constexpr std::chrono::seconds kPatience{60};

/// A folder that is gone afterwards, with a place for a socket.
class SocketFolder {
 public:
  SocketFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "splitlane-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~SocketFolder() { std::filesystem::remove_all(path_); }
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;

  std::filesystem::path path() const { return path_; }
  std::string socket() const { return (path_ / "node").string(); }
  std::string address() const { return "unix:" + socket(); }

 private:
  std::filesystem::path path_;
};

/// What one end of a stream saw. Waits for what a test expects.
class End {
 public:
  End() = default;
  ~End() { connection.reset(); }  // before what its handlers use
  End(const End&) = delete;
  End& operator=(const End&) = delete;

  /// Handlers that note everything down. The end must outlive the stream.
  ConnectionHandlers handlers() {
    return {.on_announced =
                [this](const Message& announced, const TensorDescriptor& descriptor) {
                  if (on_announced) on_announced(announced, descriptor);
                },
            .on_message =
                [this](Message message) {
                  if (on_message) on_message(message);
                  const std::lock_guard lock(mutex_);
                  messages_.push_back(std::move(message));
                  changed_.notify_all();
                },
            .on_closed =
                [this](std::string reason) {
                  if (on_closed) on_closed(reason);
                  const std::lock_guard lock(mutex_);
                  reasons_.push_back(std::move(reason));
                  changed_.notify_all();
                }};
  }

  /// Called before what happens is noted down.
  std::function<void(const Message&, const TensorDescriptor&)> on_announced;
  std::function<void(const Message&)> on_message;
  std::function<void(const std::string&)> on_closed;

  std::shared_ptr<Connection> connection;

  /// Waits until there are so many messages.
  std::vector<Message> messages(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return messages_.size() >= count; }))
        << messages_.size() << " messages of " << count;
    return messages_;
  }
  /// Waits for the end of the stream; its reason.
  std::string reason() {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return !reasons_.empty(); })) << "the stream has not ended";
    return reasons_.empty() ? "" : reasons_.front();
  }
  std::size_t times_closed() {
    const std::lock_guard lock(mutex_);
    return reasons_.size();
  }
  std::size_t messages_so_far() {
    const std::lock_guard lock(mutex_);
    return messages_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Message> messages_;
  std::vector<std::string> reasons_;
};

/// A listener that keeps an End for each stream, in the order in which they came.
class Node {
 public:
  explicit Node(const std::string& address, TransportLimits limits = {}, std::function<void(End&)> prepare = {},
                std::shared_ptr<const NodeSecurity> security = nullptr)
      : prepare_(std::move(prepare)),
        listener_(listen(
            address, limits, [this](std::shared_ptr<Connection> connection) { return accept(std::move(connection)); },
            std::move(security))) {}
  ~Node() { stop(); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const std::string& address() const { return listener_->address(); }
  void stop() { listener_.reset(); }

  /// Waits for the stream with this number.
  End& end(std::size_t number = 0) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return ends_.size() > number; })) << "no stream " << number;
    return *ends_.at(number);
  }

 private:
  ConnectionHandlers accept(std::shared_ptr<Connection> connection) {
    auto end = std::make_unique<End>();
    end->connection = std::move(connection);
    if (prepare_) prepare_(*end);
    ConnectionHandlers handlers = end->handlers();
    const std::lock_guard lock(mutex_);
    ends_.push_back(std::move(end));
    changed_.notify_all();
    return handlers;
  }

  std::function<void(End&)> prepare_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<End>> ends_;
  std::unique_ptr<Listener> listener_;  // last: what its streams use stands above
};

/// Opens a stream whose end is noted down.
inline void open(End& end, const std::string& address, TransportLimits limits = {}, double timeout_s = 30) {
  end.connection = connect(address, limits, end.handlers(), timeout_s);
}

}  // namespace splitlane::training::test
