#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>

/// While alive, the first interrupt or termination signal raises a flag instead of ending the program, so that the
/// best plan so far can still be written; the second does what it would have done before. One at a time.
class CancelOnSignal {
 public:
  CancelOnSignal();
  ~CancelOnSignal();
  CancelOnSignal(const CancelOnSignal&) = delete;
  CancelOnSignal& operator=(const CancelOnSignal&) = delete;

  const std::atomic<bool>* flag() const;
  bool raised() const;

  static constexpr std::array kSignals = {SIGINT, SIGTERM};
};

/// While alive, a signal that ends the program first removes the files that are being written, and does what `also`
/// does, which may only call what a signal handler may.
class TidyEnd {
 public:
  explicit TidyEnd(void (*also)() noexcept = nullptr);
  ~TidyEnd();
  TidyEnd(const TidyEnd&) = delete;
  TidyEnd& operator=(const TidyEnd&) = delete;

 private:
  static constexpr std::array kEndings = {SIGHUP, SIGINT, SIGTERM};
  std::array<void (*)(int), kEndings.size()> before_{};
  void (*also_before_)() noexcept = nullptr;
};
