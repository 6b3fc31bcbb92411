#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Never preempts, however urgent the newcomer is.
inline constexpr Time kNeverPreempt = std::numeric_limits<Time>::max() / 4;

/// The one place that says which ready task a lane runs next: the most urgent, ties to the lowest slot. It knows
/// neither a clock nor what a task is; a slot is the caller's number of a task (or of a client, which has one task at a
/// time). List schedules, rounds, the simulation and a real helper all ask it.
///
/// Reusable without allocating. O(log ready) an entry, 16 bytes each.
class Dispatcher {
 public:
  using Slot = std::uint32_t;

  /// Empties it. A ready task beats the running one when its priority is larger by more than `preemption_margin`; a
  /// task that was paused becomes more urgent by `pause_gain`, since each further run may delay its client.
  void reset(Time preemption_margin, Time pause_gain) {
    ready_.clear();
    margin_ = preemption_margin;
    pause_gain_ = pause_gain;
  }

  /// The slot's task is ready. Larger priorities are more urgent.
  void admit(Time priority, Slot slot) {
    ready_.push_back({priority, slot});
    std::push_heap(ready_.begin(), ready_.end(), kLessUrgent);
  }

  bool has_ready() const { return !ready_.empty(); }
  /// Of the ready tasks, the running one not counted, the most urgent; there must be one.
  Slot most_urgent() const { return ready_.front().slot; }
  Time highest_priority() const { return ready_.front().priority; }

  /// The most urgent ready task runs from now on; there must be one.
  Slot start() {
    std::pop_heap(ready_.begin(), ready_.end(), kLessUrgent);
    running_ = ready_.back();
    ready_.pop_back();
    return running_.slot;
  }

  Slot running() const { return running_.slot; }
  Time running_priority() const { return running_.priority; }
  void set_running_priority(Time priority) { running_.priority = priority; }

  /// A ready task is so much more urgent than the running one that it should be paused.
  bool beaten() const { return beaten(margin_); }
  bool beaten(Time margin) const { return !ready_.empty() && ready_.front().priority - margin > running_.priority; }

  /// The running task waits with the others.
  void pause() { admit(running_.priority + pause_gain_, running_.slot); }

  /// The slot's task is not ready any more; false when it was not. O(ready).
  bool withdraw(Slot slot) {
    const auto entry =
        std::find_if(ready_.begin(), ready_.end(), [slot](const Entry& ready) { return ready.slot == slot; });
    if (entry == ready_.end()) return false;
    *entry = ready_.back();
    ready_.pop_back();
    std::make_heap(ready_.begin(), ready_.end(), kLessUrgent);
    return true;
  }

  /// Gives every ready task the priority that `priority_of` says for its slot. O(ready).
  template <class PriorityOf>
  void reprioritise(const PriorityOf& priority_of) {
    for (Entry& entry : ready_) entry.priority = priority_of(entry.slot);
    std::make_heap(ready_.begin(), ready_.end(), kLessUrgent);
  }

 private:
  struct Entry {
    Time priority = 0;
    Slot slot = 0;
  };
  static constexpr auto kLessUrgent = [](const Entry& left, const Entry& right) {
    return left.priority != right.priority ? left.priority < right.priority : left.slot > right.slot;
  };

  std::vector<Entry> ready_;  // heap, most urgent first
  Entry running_;
  Time margin_ = 0;
  Time pause_gain_ = 0;
};

}  // namespace splitlane
