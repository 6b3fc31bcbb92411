#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "splitlane/stop.hpp"

namespace splitlane::test {

/// How many comparisons of integers this thread has run so far in rooms that are compiled to report them to a fuzzer:
/// every loop makes some, so it tells work as a clock does, but the same on every machine. 0 for ever where no room is
/// compiled like that (only clang does it, tests/fuzz/CMakeLists.txt).
std::uint64_t comparisons();
bool counts_comparisons();

/// Work that nobody notices: a comparison takes a nanosecond or two, and an interruption may go unheard for a tenth of
/// a second.
inline constexpr std::uint64_t kMostUnasked = 20'000'000;

/// While it lives, limits are not measured in time but in how often they are asked after, as by SteppingClock, and it
/// measures how much is done between one question and the next, before the first and after the last.
class WorkClock {
 public:
  WorkClock() : WorkClock(nullptr, 0) {}
  /// `flag` is raised at question number `at`. Only a condition with a deadline asks for the time.
  WorkClock(std::atomic<bool>* flag, std::uint64_t at) {
    asked_ = 0;
    longest_ = 0;
    last_ = comparisons();
    flag_ = flag;
    raise_at_ = at;
    LimitClock::replace(next);
  }
  ~WorkClock() { LimitClock::replace(nullptr); }
  WorkClock(const WorkClock&) = delete;
  WorkClock& operator=(const WorkClock&) = delete;

  static std::uint64_t asked() { return asked_; }
  /// Most comparisons without a question so far.
  static std::uint64_t longest_unasked() { return std::max(longest_, comparisons() - last_); }

 private:
  static LimitClock::TimePoint next() {
    longest_ = longest_unasked();
    last_ = comparisons();
    const std::uint64_t question = ++asked_;
    if (flag_ != nullptr && question >= raise_at_) *flag_ = true;
    return LimitClock::TimePoint(std::chrono::seconds(question));
  }

  // Of the thread that made the clock; what others ask counts as questions, not as work.
  static inline std::atomic<std::uint64_t> asked_ = 0;
  static inline thread_local std::uint64_t longest_ = 0;
  static inline thread_local std::uint64_t last_ = 0;
  static inline std::atomic<bool>* flag_ = nullptr;
  static inline std::uint64_t raise_at_ = 0;
};

}  // namespace splitlane::test
