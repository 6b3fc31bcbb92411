#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "training/protocol/messages.hpp"
#include "training/simulation/virtual_clock.hpp"

namespace splitlane::training {

/// What one end of a simulated stream hears, as of a real connection.
struct StreamEnd {
  std::function<void(Message)> on_message;
  /// Once, last of all, unless this end was abandoned.
  std::function<void(const std::string& reason)> on_closed;
};

/// How long messages take, and how long it takes to notice that a peer is gone; asked for each anew.
struct StreamTimes {
  std::function<Time()> delay;
  std::function<Time()> detection;
};

/// A stream between two nodes under a virtual clock: both ways, in order, each message once, as long as it is whole.
class SimulatedStream : public std::enable_shared_from_this<SimulatedStream> {
 public:
  /// Ends are numbered 0 (who opened the stream) and 1.
  SimulatedStream(VirtualClock& clock, const StreamTimes& times, StreamEnd opener, StreamEnd other)
      : clock_(clock), times_(times), ends_{std::move(opener), std::move(other)} {}

  void send(std::size_t from, Message message);
  /// In order: what was sent before arrives. This end hears nothing more.
  void close(std::size_t from, const std::string& reason);
  /// What is on the way is lost, and both ends notice some time later.
  void cut();
  /// The node at this end has died; what it had sent arrives or is lost.
  void abandon(std::size_t end, bool loses_what_is_on_the_way);
  /// The other end takes this one for dead and ends the stream; this end notices as soon as it can.
  void give_up_on(std::size_t end);

  bool is_open(std::size_t end) const { return is_open_.at(end); }

 private:
  void arrive(std::size_t to, Time instant, std::function<void()> happens);
  void notice(std::size_t end, Time instant, const std::string& reason);

  VirtualClock& clock_;
  const StreamTimes& times_;
  std::array<StreamEnd, 2> ends_;
  std::array<bool, 2> is_open_ = {true, true};
  std::array<Time, 2> last_arrival_ = {0, 0};
  bool is_cut_ = false;
};

}  // namespace splitlane::training
