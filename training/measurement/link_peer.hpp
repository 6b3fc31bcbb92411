#pragma once

#include <memory>
#include <string>

#include "training/measurement/link_measurement.hpp"
#include "training/transport/connection.hpp"

namespace splitlane::training {

/// Answers those who measure the link to here, any number at a time, until destroyed. What the two say to each other
/// (docs/protocol.md) is a training's own messages, so that they take the same way. A message that is none of these, or
/// asks for more than `kMostLinkBytes`, ends its stream.
class LinkPeer {
 public:
  /// Raises what `listen` does.
  explicit LinkPeer(const std::string& address);

  const std::string& address() const { return listener_->address(); }

 private:
  std::unique_ptr<Listener> listener_;
};

/// Measures the link to a LinkPeer.
class LinkProbe : public LinkExchange {
 public:
  /// Reaching the peer, and each of its answers, may take `timeout_s`. Raises kUsage for what is no address.
  LinkProbe(const std::string& address, double timeout_s);
  ~LinkProbe() override;
  LinkProbe(const LinkProbe&) = delete;
  LinkProbe& operator=(const LinkProbe&) = delete;

  /// All raise kFile naming the address: the peer was not reached, is gone, does not answer in time, or answers
  /// something else.
  double round_trip_ms() override;
  double upload_ms(std::int64_t bytes) override;
  double download_ms(std::int64_t bytes) override;

 private:
  struct Answers;
  double exchange_ms(Message question);

  std::string address_;
  double timeout_s_;
  std::int64_t asked_ = 0;
  std::shared_ptr<Answers> answers_;
  std::shared_ptr<Connection> connection_;
};

}  // namespace splitlane::training
