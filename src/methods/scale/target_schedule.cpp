#include "methods/scale/target_schedule.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace splitlane {

namespace {

using Depth = TargetSearch::Depth;

constexpr int kBoundRounds = 60;  // what more would find, the search leads to
constexpr double kFirstGap = 0.01;
constexpr double kGapGrowth = 1.6;
constexpr double kGapShrinking = 0.75;
constexpr int kMostMisses = 2;
constexpr double kFinestStep = 5e-4;
constexpr Time kFirstSteps = 16;         // from the present end to the bound, where moves are few
constexpr int kMostRaises = 12;          // of the bound
constexpr double kWorthRaising = 0.002;  // a gap

}  // namespace

DualBoundParameters bound_parameters(const MethodRun& run) {
  DualBoundParameters parameters;
  parameters.threads = run.parameters().threads;
  parameters.rounds = kBoundRounds;
  parameters.certificate = run.parameters().certificate;
  parameters.stop = run.stop();
  return parameters;
}

TargetSchedule::TargetSchedule(const MethodRun& run, DualBound& bound, ServedClients& served, TargetSearch& search,
                               Assignment& best)
    : run_(run),
      bound_(bound),
      served_(served),
      search_(search),
      best_(best),
      best_end_(served.latest_end()),
      gap_(kFirstGap) {}

Time TargetSchedule::with_gap(double gap) const {
  // At least one unit of the gap counts, so that a growing gap leads away from a bound of 0 too.
  const double unit = std::max(1.0, static_cast<double>(bound_.lower_bound));
  return bound_.lower_bound + static_cast<Time>(unit * gap);
}

Time TargetSchedule::next_target() const {
  if (!met_) return with_gap(gap_);
  if (missed_ > bound_.lower_bound) return missed_ + (best_end_ - missed_) / 2;
  return bound_.lower_bound +
         static_cast<Time>(kGapShrinking * static_cast<double>(best_end_ - 1 - bound_.lower_bound));
}

bool TargetSchedule::meets(Time target, TargetSearch::Depth depth) {
  search_.run(target, depth);
  const Time end = served_.latest_end();  // of clients that train alone too, whom the search does not look at
  SPLITLANE_ASSERT(end >= bound_.lower_bound, end, bound_.lower_bound, target);
  if (end < best_end_) {
    best_end_ = end;
    best_ = served_.choice();
  }
  run_.report("search", best_end_, bound_.lower_bound);
  return end <= target;
}

// Whether the helpers without room were worth a look.
bool TargetSchedule::raise_bound() {
  if (search_.without_room().empty() || raises_ >= kMostRaises || run_.stop().reached()) return false;
  if (static_cast<double>(best_end_) < (1.0 + kWorthRaising) * static_cast<double>(bound_.lower_bound)) return false;
  ++raises_;
  const Time before = bound_.lower_bound;
  raise_bound_within(run_.instance(), search_.without_room(), bound_parameters(run_), bound_);
  run_.report("bound", best_end_, bound_.lower_bound);
  return bound_.lower_bound > before;
}

bool TargetSchedule::is_done() const {
  const Time low = std::max(bound_.lower_bound, missed_);
  return met_ && (misses_ >= kMostMisses ||
                  static_cast<double>(best_end_ - low) < kFinestStep * static_cast<double>(bound_.lower_bound));
}

void TargetSchedule::run() {
  while (best_end_ > bound_.lower_bound && !is_done() && !run_.stop().reached()) {
    const Time target = next_target();
    if (target >= best_end_) {
      met_ = true;
    } else if (meets(target, met_ ? Depth::kChains : Depth::kPairs)) {
      met_ = true;
      misses_ = 0;
    } else if (!met_) {
      while (with_gap(gap_) <= target) gap_ *= kGapGrowth;
    } else {
      missed_ = std::max(missed_, target);
      ++misses_;
      if (raise_bound()) misses_ = 0;
    }
  }
}

void TargetSchedule::descend() {
  Time step = std::max<Time>((best_end_ - bound_.lower_bound) / kFirstSteps, 1);
  while (best_end_ > bound_.lower_bound && step > 0 && !run_.stop().reached()) {
    if (meets(best_end_ - step, Depth::kChains)) continue;
    raise_bound();
    step = step > 1 ? std::max<Time>(step / 4, 1) : 0;
  }
}

}  // namespace splitlane
