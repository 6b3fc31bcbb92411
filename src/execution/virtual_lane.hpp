#pragma once

#include <algorithm>
#include <vector>

#include "splitlane/execution/dispatcher.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane {

/// One lane under a virtual clock: what becomes ready at which instant goes in, and the loop below asks a dispatcher
/// what runs when. `Tasks` says what the tasks are; it has
///
///     void arrive(Slot, Time now)           the slot's task becomes ready, or has nothing to run
///     bool has_ready() const                some task waits for the lane
///     Slot start(Time now)                  the most urgent of them runs from now on
///     bool beaten() const                   the running task should make way
///     Time work_left(Slot) const            lane time until it ends
///     Time pause_point(Slot, Time start, Time now) const    the first instant from now on at which it may be paused
///     void ran(Slot, Time start, Time end, bool ended)      it ran; unless it has ended it waits again
///
/// Every lane that a plan, a round or a simulation is made of goes through this loop. O(log n) an event.
template <class Tasks>
class VirtualLane {
 public:
  using Slot = Dispatcher::Slot;
  static constexpr Time kForever = kNeverPreempt;

  /// Empties it; the clock stands at 0.
  void reset(Time gap) {
    arrivals_.clear();
    gap_ = gap;
    now_ = 0;
    free_from_ = gap;
    runs_ = false;
  }

  /// The slot's task becomes ready at that instant.
  void expect(Time time, Slot slot) {
    arrivals_.push_back({time, slot});
    std::push_heap(arrivals_.begin(), arrivals_.end(), kLater);
  }

  /// Goes on until nothing happens before or at `until`.
  void advance(Tasks& tasks, Time until = kForever) {
    while (runs_ ? run_on(tasks, until) : find_next(tasks, until)) {
    }
  }

  bool runs() const { return runs_; }
  Slot running() const { return running_; }
  Time running_since() const { return start_; }

  /// The running task leaves the lane at that instant without having ended.
  void abandon(Time now) {
    runs_ = false;
    now_ = now;
    free_from_ = now + gap_;
  }
  /// Forgets the slot's arrivals to come. O(arrivals).
  void forget(Slot slot) {
    std::erase_if(arrivals_, [slot](const Arrival& arrival) { return arrival.slot == slot; });
    std::make_heap(arrivals_.begin(), arrivals_.end(), kLater);
  }
  /// The running task is held against the ready ones again, as after an arrival.
  void reconsider(const Tasks& tasks, Time now) {
    if (runs_ && tasks.beaten()) end_ = std::min(end_, tasks.pause_point(running_, start_, now));
  }

 private:
  struct Arrival {
    Time time;
    Slot slot;
  };
  static constexpr auto kLater = [](const Arrival& left, const Arrival& right) {
    return left.time != right.time ? left.time > right.time : left.slot > right.slot;
  };

  void admit_until(Tasks& tasks, Time now) {
    while (!arrivals_.empty() && arrivals_.front().time <= now) {
      const Arrival arrival = arrivals_.front();
      std::pop_heap(arrivals_.begin(), arrivals_.end(), kLater);
      arrivals_.pop_back();
      tasks.arrive(arrival.slot, arrival.time);
    }
  }

  // The lane is free: puts the most urgent task on it, or moves the clock on. False when that would pass `until`.
  bool find_next(Tasks& tasks, Time until) {
    admit_until(tasks, now_);
    Time next = now_;
    if (!tasks.has_ready()) {
      if (arrivals_.empty()) return false;
      next = std::max(now_, arrivals_.front().time);
    } else if (now_ < free_from_) {
      // The next segment is of another task than the last (one that ended never continues, and one that was paused has
      // been beaten), so the gap stands before it; what arrives meanwhile competes.
      next = free_from_;
    } else {
      running_ = tasks.start(now_);
      start_ = now_;
      end_ = now_ + tasks.work_left(running_);
      runs_ = true;
      return true;
    }
    if (next > until) return false;
    now_ = next;
    return true;
  }

  // Lets tasks arrive while one runs, until it ends or is paused. False when that is past `until`.
  bool run_on(Tasks& tasks, Time until) {
    while (!arrivals_.empty() && arrivals_.front().time < end_) {
      const Time now = arrivals_.front().time;
      if (now > until) return false;
      admit_until(tasks, now);
      if (tasks.beaten()) end_ = std::min(end_, tasks.pause_point(running_, start_, now));
    }
    if (end_ > until) return false;
    now_ = end_;
    runs_ = false;
    free_from_ = end_ + gap_;
    tasks.ran(running_, start_, end_, end_ - start_ == tasks.work_left(running_));
    return true;
  }

  std::vector<Arrival> arrivals_;  // heap, earliest first
  Time gap_ = 0;
  Time now_ = 0;
  Time free_from_ = 0;
  bool runs_ = false;
  Slot running_ = 0;
  Time start_ = 0;
  Time end_ = 0;
};

}  // namespace splitlane
