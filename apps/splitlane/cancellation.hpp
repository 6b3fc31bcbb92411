#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>

/// While alive, the first interrupt or termination signal raises a flag instead of ending the program, so that the
/// best plan so far can still be written; the second ends it as usual. One at a time.
class CancelOnSignal {
 public:
  CancelOnSignal();
  ~CancelOnSignal();
  CancelOnSignal(const CancelOnSignal&) = delete;
  CancelOnSignal& operator=(const CancelOnSignal&) = delete;

  const std::atomic<bool>* flag() const;
  bool raised() const;
};

/// While alive, a signal that ends the program first removes the files that are being written.
class TidyEnd {
 public:
  TidyEnd();
  ~TidyEnd();
  TidyEnd(const TidyEnd&) = delete;
  TidyEnd& operator=(const TidyEnd&) = delete;

 private:
  static constexpr std::array kEndings = {SIGHUP, SIGINT, SIGTERM};
  std::array<void (*)(int), kEndings.size()> before_{};
};
