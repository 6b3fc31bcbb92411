#include "progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "output.hpp"

namespace {

constexpr std::chrono::milliseconds kPatience{1000};
constexpr std::chrono::milliseconds kInterval{100};
constexpr const char* kWipe = "\r\x1b[K";

std::string text_of(const splitlane::Progress& progress) {
  if (progress.iteration) {
    const splitlane::Progress::Iteration& iteration = *progress.iteration;
    return fmt::format("{:.1f} s, iteration {}: forward makespan {}, violation {}, changes of y {}", progress.seconds,
                       iteration.number, iteration.objective, iteration.violation, iteration.changes);
  }
  const std::string makespan = progress.makespan > 0 ? fmt::format("{}", progress.makespan) : "none yet";
  return fmt::format("{:.1f} s, {}: makespan {}, lower bound {}; Ctrl-C keeps the best plan", progress.seconds,
                     progress.step, makespan, progress.lower_bound);
}

}  // namespace

ProgressLine::ProgressLine(bool wanted)
    : wanted_(wanted && ::isatty(STDERR_FILENO) == 1), next_(Clock::now() + kPatience) {}

ProgressLine::~ProgressLine() { wipe(); }

std::function<void(const splitlane::Progress&)> ProgressLine::listener() {
  if (!wanted_) return {};
  return [this](const splitlane::Progress& progress) { show(progress); };
}

void ProgressLine::show_count(std::size_t done, std::size_t total, std::string_view what) {
  show_text([&] { return fmt::format("{} of {} {}; Ctrl-C shows what is done", done, total, what); });
}

void ProgressLine::show(const splitlane::Progress& progress) {
  show_text([&] { return text_of(progress); });
}

void ProgressLine::wipe() {
  const std::lock_guard lock(mutex_);
  if (shown_) write_standard_error(kWipe);
  shown_ = false;
  next_ = std::max(next_, Clock::now() + kInterval);
}

void ProgressLine::show_text(const std::function<std::string()>& text) {
  if (!wanted_) return;
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  shown_ = true;
  write_standard_error(kWipe + text());
}
