#include "cancellation.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX's

#include <array>
#include <csignal>

#include "splitlane/io/file.hpp"

namespace {

std::atomic<bool> cancelled = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

using Handler = void (*)(int);
// What the signals did before they were to cancel.
std::array<std::atomic<Handler>, CancelOnSignal::kSignals.size()> handlers_before;
std::atomic<void (*)() noexcept> tidy_also = nullptr;

void restore_handlers() {
  for (std::size_t index = 0; index < handlers_before.size(); ++index) {
    std::signal(CancelOnSignal::kSignals.at(index), handlers_before.at(index));
  }
}

extern "C" void on_signal(int /*signal*/) {
  cancelled.store(true, std::memory_order_relaxed);
  restore_handlers();
}

extern "C" void end_without_temporaries(int signal) {
  if (void (*const also)() noexcept = tidy_also.load()) also();
  splitlane::remove_temporary_files();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

CancelOnSignal::CancelOnSignal() {
  cancelled = false;
  for (std::size_t index = 0; index < kSignals.size(); ++index) {
    struct sigaction before {};
    sigaction(kSignals.at(index), nullptr, &before);
    handlers_before.at(index) = before.sa_handler;
    // A signal that the parent process chose to ignore (nohup, a background job) stays ignored.
    if (before.sa_handler != SIG_IGN) std::signal(kSignals.at(index), on_signal);
  }
}

CancelOnSignal::~CancelOnSignal() { restore_handlers(); }

const std::atomic<bool>* CancelOnSignal::flag() const { return &cancelled; }

bool CancelOnSignal::raised() const { return cancelled.load(std::memory_order_relaxed); }

TidyEnd::TidyEnd(void (*also)() noexcept) : also_before_(tidy_also.load()) {
  if (also != nullptr) tidy_also = also;
  for (std::size_t index = 0; index < kEndings.size(); ++index) {
    before_[index] = std::signal(kEndings[index], end_without_temporaries);
    if (before_[index] == SIG_IGN) std::signal(kEndings[index], SIG_IGN);
  }
}

TidyEnd::~TidyEnd() {
  tidy_also = also_before_;
  for (std::size_t index = 0; index < kEndings.size(); ++index) std::signal(kEndings[index], before_[index]);
}
