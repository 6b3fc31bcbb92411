#include "splitlane/stop.hpp"

#include <algorithm>

namespace splitlane {

namespace {

// Past this a deadline would leave the clock's range; it is as good as none.
constexpr double kLongestLimitSeconds = 1e9;

StopCondition::Clock::time_point after(double seconds) {
  const std::chrono::duration<double> wait(std::clamp(seconds, 0.0, kLongestLimitSeconds));
  return StopCondition::Clock::now() + std::chrono::duration_cast<StopCondition::Clock::duration>(wait);
}

}  // namespace

StopCondition::StopCondition(std::optional<double> seconds, const std::atomic<bool>* cancelled)
    : cancelled_(cancelled) {
  if (seconds) deadline_ = after(*seconds);
}

bool StopCondition::reached() const {
  if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return true;
  return deadline_ && Clock::now() >= *deadline_;
}

std::optional<double> StopCondition::seconds_left() const {
  if (cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed)) return 0.0;
  if (!deadline_) return std::nullopt;
  return std::max(0.0, std::chrono::duration<double>(*deadline_ - Clock::now()).count());
}

StopCondition StopCondition::within(double seconds) const {
  StopCondition result = *this;
  const Clock::time_point limit = after(seconds);
  result.deadline_ = deadline_ ? std::min(*deadline_, limit) : limit;
  return result;
}

}  // namespace splitlane
