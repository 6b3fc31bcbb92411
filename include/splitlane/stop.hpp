#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace splitlane {

/// When to stop looking for something better: a deadline, a flag that the caller may raise from another thread
/// or a signal handler, or neither. Cheap to copy and to ask.
class StopCondition {
 public:
  using Clock = std::chrono::steady_clock;

  StopCondition() = default;
  StopCondition(std::optional<double> seconds, const std::atomic<bool>* cancelled);

  /// True once the deadline has passed or the flag is raised.
  bool reached() const;
  /// Seconds left until the deadline (at least 0); nullopt without one. 0 when cancelled.
  std::optional<double> seconds_left() const;
  /// The same flag with a deadline no later than `seconds` from now.
  StopCondition within(double seconds) const;
  const std::atomic<bool>* cancelled() const { return cancelled_; }

 private:
  std::optional<Clock::time_point> deadline_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

}  // namespace splitlane
