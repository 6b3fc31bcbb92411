#pragma once

#include <atomic>
#include <chrono>
#include <optional>

namespace splitlane {

/// The time that limits are measured in: the machine's, unless a test puts one of its own in its place.
class LimitClock {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Source = TimePoint (*)();

  static TimePoint now();
  /// From now on `source` says what time it is; nullptr: the machine again. It is asked each time that a condition with
  /// a deadline is, so a test can count how often that is, and what is done in between. Not while another thread plans.
  static void replace(Source source);
};

/// When to stop looking for something better: a deadline, a flag that the caller may raise from another thread
/// or a signal handler, or neither. Cheap to copy and to ask.
class StopCondition {
 public:
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
  std::optional<LimitClock::TimePoint> deadline_;
  const std::atomic<bool>* cancelled_ = nullptr;
};

}  // namespace splitlane
