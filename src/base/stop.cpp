#include "splitlane/stop.hpp"

#include <algorithm>

namespace splitlane {

namespace {

// Past this a deadline would leave the clock's range; it is as good as none.
constexpr double kLongestLimitSeconds = 1e9;

std::atomic<LimitClock::Source> clock_source = nullptr;

LimitClock::TimePoint after(double seconds) {
  const std::chrono::duration<double> wait(std::clamp(seconds, 0.0, kLongestLimitSeconds));
  return LimitClock::now() + std::chrono::duration_cast<LimitClock::TimePoint::duration>(wait);
}

}  // namespace

LimitClock::TimePoint LimitClock::now() {
  const Source source = clock_source.load(std::memory_order_relaxed);
  return source == nullptr ? std::chrono::steady_clock::now() : source();
}

void LimitClock::replace(Source source) { clock_source.store(source, std::memory_order_relaxed); }

StopCondition::StopCondition(std::optional<double> seconds, const std::atomic<bool>* cancelled)
    : cancelled_(cancelled) {
  if (seconds) deadline_ = after(*seconds);
}

bool StopCondition::reached() const {
  if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return true;
  return deadline_ && LimitClock::now() >= *deadline_;
}

std::optional<double> StopCondition::seconds_left() const {
  if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return 0.0;
  if (!deadline_) return std::nullopt;
  return std::max(0.0, std::chrono::duration<double>(*deadline_ - LimitClock::now()).count());
}

StopCondition StopCondition::within(double seconds) const {
  StopCondition result = *this;
  const LimitClock::TimePoint limit = after(seconds);
  result.deadline_ = deadline_ ? std::min(*deadline_, limit) : limit;
  return result;
}

}  // namespace splitlane
