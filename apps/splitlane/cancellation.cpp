#include "cancellation.hpp"

#include <array>
#include <csignal>

#include "splitlane/io/file.hpp"

namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM};

std::atomic<bool> cancelled = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void restore_signals() {
  for (const int signal : kSignals) std::signal(signal, SIG_DFL);
}

extern "C" void on_signal(int /*signal*/) {
  cancelled.store(true, std::memory_order_relaxed);
  restore_signals();
}

extern "C" void end_without_temporaries(int signal) {
  splitlane::remove_temporary_files();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

CancelOnSignal::CancelOnSignal() {
  cancelled = false;
  for (const int signal : kSignals) {
    // A signal that the parent process chose to ignore (nohup, a background job) stays ignored.
    if (std::signal(signal, on_signal) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

CancelOnSignal::~CancelOnSignal() {
  for (const int signal : kSignals) {
    if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

const std::atomic<bool>* CancelOnSignal::flag() const { return &cancelled; }

bool CancelOnSignal::raised() const { return cancelled.load(std::memory_order_relaxed); }

TidyEnd::TidyEnd() {
  for (std::size_t index = 0; index < kEndings.size(); ++index) {
    before_[index] = std::signal(kEndings[index], end_without_temporaries);
    if (before_[index] == SIG_IGN) std::signal(kEndings[index], SIG_IGN);
  }
}

TidyEnd::~TidyEnd() {
  for (std::size_t index = 0; index < kEndings.size(); ++index) std::signal(kEndings[index], before_[index]);
}
