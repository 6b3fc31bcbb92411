#include "interruption.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace nb = nanobind;

namespace splitlane::python {

namespace {

// How long Ctrl-C may go unnoticed; waking up costs microseconds.
constexpr std::chrono::milliseconds kPatience{50};

// What the working thread leaves for the waiting one.
class Mailbox {
 public:
  void post(const Progress& progress) {
    const std::lock_guard lock(mutex_);
    progress_.emplace_back(progress);
    changed_.notify_one();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_one();
  }

  /// Waits for mail; true when there will be no more.
  bool collect(std::deque<BoundProgress>& progress) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [this] { return closed_ || !progress_.empty(); });
    progress.swap(progress_);
    return closed_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<BoundProgress> progress_;
  bool closed_ = false;
};

void serve_python(const std::deque<BoundProgress>& mail, const nb::object& on_progress) {
  if (PyErr_CheckSignals() != 0) nb::raise_python_error();
  for (const BoundProgress& progress : mail) on_progress(progress);
}

}  // namespace

std::optional<nb::python_error> run_interruptibly(const LongWork& work, const nb::object& on_progress) {
  std::atomic<bool> cancelled = false;
  std::exception_ptr failure;
  Mailbox mailbox;
  std::function<void(const Progress&)> report;
  if (!on_progress.is_none()) report = [&mailbox](const Progress& progress) { mailbox.post(progress); };
  std::jthread worker([&] {
    try {
      work({&cancelled, report});
    } catch (...) {
      failure = std::current_exception();
    }
    mailbox.close();
  });

  std::optional<nb::python_error> interruption;
  bool ended = false;
  while (!ended) {
    std::deque<BoundProgress> mail;
    {
      const nb::gil_scoped_release waiting;
      ended = mailbox.collect(mail);
    }
    if (interruption) continue;
    try {
      serve_python(mail, on_progress);
    } catch (nb::python_error& raised) {
      interruption.emplace(std::move(raised));
      cancelled = true;
    }
  }
  worker.join();
  if (failure && !interruption) std::rethrow_exception(failure);
  return interruption;
}

void raise_interruption(nb::python_error& interruption, const char* name, const nb::object& best) {
  if (PyObject_SetAttrString(interruption.value().ptr(), name, best.ptr()) != 0) PyErr_Clear();
  throw std::move(interruption);
}

}  // namespace splitlane::python
