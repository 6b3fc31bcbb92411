#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "splitlane/stop.hpp"

namespace splitlane::test {

/// While it lives, limits are not measured in time but in how often the code asks whether one has passed: each time it
/// is a second later. So `time_limit_s = 100` ends a method at the hundredth question, on every machine, and `asked()`
/// tells how many followed. A flag can be raised at a question too, as Ctrl-C would; give the method a limit that it
/// does not reach then, since only a condition with a deadline asks for the time.
class SteppingClock {
 public:
  static constexpr double kNoLimit = 1e8;

  SteppingClock() : SteppingClock(nullptr, 0) {}
  /// `flag` is raised at question number `at`.
  SteppingClock(std::atomic<bool>* flag, std::uint64_t at) {
    asked_ = 0;
    flag_ = flag;
    raise_at_ = at;
    LimitClock::replace(next);
  }
  ~SteppingClock() { LimitClock::replace(nullptr); }
  SteppingClock(const SteppingClock&) = delete;
  SteppingClock& operator=(const SteppingClock&) = delete;

  static std::uint64_t asked() { return asked_; }

 private:
  static LimitClock::TimePoint next() {
    const std::uint64_t question = ++asked_;
    if (flag_ != nullptr && question >= raise_at_) *flag_ = true;
    return LimitClock::TimePoint(std::chrono::seconds(question));
  }

  static inline std::atomic<std::uint64_t> asked_ = 0;
  static inline std::atomic<bool>* flag_ = nullptr;
  static inline std::uint64_t raise_at_ = 0;
};

}  // namespace splitlane::test
