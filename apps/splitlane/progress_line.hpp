#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "splitlane/methods/method.hpp"

/// A live line on standard error about a running method; shown only on a terminal and for work of over a second,
/// and wiped when the method is done.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// What to hand to the method as `on_progress`; empty when nothing would be shown. May be called from any thread
  /// while this object lives.
  std::function<void(const splitlane::Progress&)> listener();

 private:
  using Clock = std::chrono::steady_clock;
  void show(const splitlane::Progress& progress);

  bool wanted_;
  std::mutex mutex_;
  Clock::time_point next_;
  bool shown_ = false;
};
