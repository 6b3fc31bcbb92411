#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane::training {

/// Time that passes as events happen. What is due at one instant happens in the order in which it was asked for.
/// O(log pending) an event.
class VirtualClock {
 public:
  Time now() const { return now_; }
  void at(Time instant, std::function<void()> happens) {
    events_.push({std::max(instant, now_), next_event_++, std::move(happens)});
  }
  /// Until nothing is left to happen, or until `limit` events have. Returns how many have.
  std::uint64_t run(std::uint64_t limit) {
    std::uint64_t happened = 0;
    for (; !events_.empty() && happened < limit; ++happened) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.instant;
      event.happens();
    }
    return happened;
  }
  bool is_idle() const { return events_.empty(); }

 private:
  struct Event {
    Time instant = 0;
    std::uint64_t number = 0;
    std::function<void()> happens;
  };
  struct Later {
    bool operator()(const Event& left, const Event& right) const {
      return left.instant != right.instant ? left.instant > right.instant : left.number > right.number;
    }
  };

  std::priority_queue<Event, std::vector<Event>, Later> events_;
  std::uint64_t next_event_ = 0;
  Time now_ = 0;
};

}  // namespace splitlane::training
