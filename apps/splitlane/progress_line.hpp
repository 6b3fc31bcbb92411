#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "splitlane/methods/method.hpp"

/// A live line on standard error about work in progress; shown only on a terminal and for work of over a second,
/// and wiped when the work is done.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// What to hand to the method as `on_progress`; empty when nothing would be shown. May be called from any thread
  /// while this object lives.
  std::function<void(const splitlane::Progress&)> listener();
  /// Of work that is counted: "40 of 1000 executions". May be called from any thread.
  void show_count(std::size_t done, std::size_t total, std::string_view what);
  /// Of other work. `text` is asked only when the line is to change. May be called from any thread.
  void show_text(const std::function<std::string()>& text);
  /// Makes room for other output on the terminal; the line comes back when it changes.
  void wipe();

 private:
  using Clock = std::chrono::steady_clock;
  void show(const splitlane::Progress& progress);

  bool wanted_;
  std::mutex mutex_;
  Clock::time_point next_;
  bool shown_ = false;
};
