#include "gil.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "splitlane/error.hpp"

namespace nb = nanobind;

namespace splitlane::python {

namespace {

std::atomic<std::int64_t> waited_ns = 0;
std::atomic<std::int64_t> held_ns = 0;

std::int64_t nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Released {
  std::mutex mutex;
  std::vector<PyObject*> owned;
};

Released& released() {
  static Released list;
  return list;
}

// Owned; only touched with the GIL.
PyObject* first_failure = nullptr;

}  // namespace

GilTimes gil_times() { return {waited_ns, held_ns}; }

GilHold::GilHold() : asked_(nanoseconds_now()), got_(nanoseconds_now()) {
  waited_ns += got_ - asked_;
  drop_released();
}

GilHold::~GilHold() { held_ns += nanoseconds_now() - got_; }

void release_later(PyObject* owned) {
  const std::lock_guard lock(released().mutex);
  released().owned.push_back(owned);
}

void drop_released() {
  std::vector<PyObject*> owned;
  {
    const std::lock_guard lock(released().mutex);
    owned.swap(released().owned);
  }
  for (PyObject* const one : owned) Py_DECREF(one);
}

void fail_by(nb::python_error& raised, const std::string& where) {
  const nb::object value = nb::borrow(raised.value());
  const std::string type = nb::cast<std::string>(nb::str(raised.type().attr("__name__")));
  const std::string text = nb::cast<std::string>(nb::str(value));
  if (first_failure == nullptr) first_failure = value.inc_ref().ptr();
  throw Error(ErrorCode::kInconsistent, {where, "Python cannot compute it", type + ": " + text, ""});
}

nb::object take_failure() {
  if (first_failure == nullptr) return nb::none();
  return nb::steal(std::exchange(first_failure, nullptr));
}

}  // namespace splitlane::python
