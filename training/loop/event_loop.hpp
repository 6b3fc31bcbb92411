#pragma once

#include <functional>
#include <memory>

#include "splitlane/instance/time.hpp"

namespace splitlane::training {

/// The thread on which the nodes of a process think, and the threads on which they compute. A node's state is touched
/// on the loop's thread alone, so it needs no locks. Every member but `run` may be called from any thread.
class EventLoop {
 public:
  using Work = std::function<void()>;

  /// `workers` threads compute, each on one layer at a time with `layer_threads` threads of its own.
  EventLoop(int workers, int layer_threads);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// Microseconds of the machine's monotonic clock, the same in every process of the machine, and of the aggregator's
  /// machine where `set_clock_offset` has said how far that clock is ahead.
  static Time now();
  /// Of the whole process; to be said before any instant is, and anew only while no loop runs.
  static void set_clock_offset(Time offset);

  /// Runs `work` on the loop's thread, in order.
  void post(Work work);
  /// Likewise at that instant, or now when it has passed.
  void at(Time instant, Work work);
  /// Runs `work` on a worker, then `done` on the loop's thread. What `work` raises ends `run` with it.
  void compute(Work work, Work done);

  /// Runs on the calling thread until `stop`; what any work raised is raised here.
  void run();
  void stop();
  /// Waits for the work that workers have begun, and drops what they have not. No work runs afterwards.
  void finish();

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace splitlane::training
