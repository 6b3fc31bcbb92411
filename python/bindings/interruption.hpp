#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "splitlane/methods/method.hpp"

namespace splitlane::python {

/// What a long computation is given: the flag to look at, and whom to tell about progress.
using LongWork =
    std::function<void(const std::atomic<bool>& cancelled, const std::function<void(const Progress&)>& report)>;

/// Progress with a text of its own, to be kept for as long as anybody likes.
struct BoundProgress {
  explicit BoundProgress(const Progress& progress)
      : seconds(progress.seconds),
        makespan(progress.makespan),
        lower_bound(progress.lower_bound),
        step(progress.step) {}

  double seconds;
  Time makespan;
  Time lower_bound;
  std::string step;
};

/// Runs `work` on a thread of its own. The calling thread waits without the GIL, and in between runs what Python has to
/// do on it: signal handlers (Ctrl-C) and `on_progress`, unless it is None. An exception of either raises the flag; it
/// is returned once the work has ended, which it does with the best result so far. Otherwise rethrows what the work
/// raised; nullopt when it ended by itself.
std::optional<nanobind::python_error> run_interruptibly(const LongWork& work, const nanobind::object& on_progress);

/// Raises what interrupted a computation, with the best result so far, or None, in its attribute `name`.
[[noreturn]] void raise_interruption(nanobind::python_error& interruption, const char* name,
                                     const nanobind::object& best);

}  // namespace splitlane::python
