#pragma once

#include <atomic>

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
