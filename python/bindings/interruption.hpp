#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "splitlane/planning/plan_request.hpp"

namespace splitlane::python {

using LongWork = std::function<void(const Watch& watch)>;

/// Progress with a text of its own, which the caller may keep for as long as it likes.
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

/// What `make` gives for a watch. Interrupted, raises as `raise_interruption` does, with `shown` of what `make` gave
/// nevertheless; both run as `run_interruptibly` says, `shown` with the GIL.
template <class Make, class Shown>
auto made_interruptibly(const nanobind::object& on_progress, const char* name, const Make& make, const Shown& shown) {
  std::optional<decltype(make(Watch()))> best;
  std::optional<nanobind::python_error> interruption =
      run_interruptibly([&](const Watch& watch) { best.emplace(make(watch)); }, on_progress);
  if (interruption) raise_interruption(*interruption, name, best ? nanobind::object(shown(*best)) : nanobind::none());
  return std::move(*best);
}

}  // namespace splitlane::python
