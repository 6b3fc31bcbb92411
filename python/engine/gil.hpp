#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string>

namespace splitlane::python {

/// Time that threads of the engine have spent over Python since the process began, in nanoseconds.
struct GilTimes {
  std::int64_t waited = 0;
  std::int64_t held = 0;  ///< what PyTorch computes without the GIL in between included
};
GilTimes gil_times();

/// The GIL on a thread of the engine. Let go in the meantime are references that threads without it gave up.
class GilHold {
 public:
  GilHold();
  GilHold(const GilHold&) = delete;
  GilHold& operator=(const GilHold&) = delete;
  ~GilHold();

 private:
  std::int64_t asked_;
  nanobind::gil_scoped_acquire acquired_;
  std::int64_t got_;
};

/// Gives up a reference from any thread, without waiting for the GIL: the next `GilHold` or `drop_released` drops it.
void release_later(PyObject* owned);
/// With the GIL.
void drop_released();

/// With the GIL: keeps what Python raised, if it is the first, and raises an Error with its text. `where` says who.
[[noreturn]] void fail_by(nanobind::python_error& raised, const std::string& where);
/// The first exception since the last call, or None.
nanobind::object take_failure();

/// What `action` returns, with the GIL.
template <class Action>
auto in_python(const std::string& where, const Action& action) -> decltype(action()) {
  const GilHold held;
  try {
    return action();
  } catch (nanobind::python_error& raised) {
    fail_by(raised, where);
  }
}

}  // namespace splitlane::python
