#include "schedule/exact/list_search.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "schedule/mirror.hpp"

namespace splitlane {

namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::uint64_t kExchangesPerMirroring = 16;
constexpr int kMirrorRoundsPerStep = 4;
// So many lists in a row that are judged no better, and forward-backward improvement gives up.
constexpr int kPatience = 3;

}  // namespace

void ListSearch::start(std::span<const Service> services, const SwitchRule& rule, Time preemption_margin) {
  services_ = services;
  rule_ = rule;
  margin_ = preemption_margin;
  mirror_.clear();
  judged_ = 0;
  makespan_ = std::numeric_limits<Time>::max();
  judge(static_tails(services));
}

std::vector<Time> ListSearch::order_of(const Lane& lane) const {
  std::vector<Time> priority(2 * services_.size(), 0);
  for (const LaneSegment& segment : lane) priority[task_index(segment.service, segment.task)] = -segment.end;
  return priority;
}

void ListSearch::try_order_of(const Lane& lane) { judge(order_of(lane)); }

void ListSearch::offer(Time makespan, const Lane& lane) {
  if (makespan >= makespan_) return;
  makespan_ = makespan;
  lane_ = lane;
  best_priority_ = order_of(lane);
}

Time ListSearch::judge(std::span<const Time> priority) {
  ++judged_;
  const Time makespan = scheduler_.run(services_, rule_, priority, margin_);
  if (makespan < makespan_) {
    makespan_ = makespan;
    lane_ = scheduler_.lane();
    best_priority_.assign(priority.begin(), priority.end());
  }
  return makespan;
}

bool ListSearch::improve_by_mirroring(Time target, int rounds, const StopCondition& stop) {
  if (makespan_ <= target) return true;
  judge(std::vector<Time>(best_priority_));
  return mirror_rounds(target, rounds, stop);
}

// Continues from the schedule that was judged last.
bool ListSearch::mirror_rounds(Time target, int rounds, const StopCondition& stop) {
  if (mirror_.empty()) mirror_ = mirrored(services_);
  Time best = std::numeric_limits<Time>::max();
  int patience = kPatience;
  for (int round = 0; round < rounds && patience > 0 && makespan_ > target && !stop.reached(); ++round) {
    const std::vector<Time> from_end = opposite_priority(scheduler_.completions());
    ++judged_;
    Time makespan = mirror_scheduler_.run(mirror_, rule_, from_end, margin_);
    // Only without switch costs is the mirror image of a valid lane valid: gaps stand before segments, not behind.
    if (rule_.cost == 0 && makespan < makespan_) {
      makespan_ = makespan;
      lane_ = mirrored(mirror_scheduler_.lane(), makespan);
    }
    const std::vector<Time> from_start = opposite_priority(mirror_scheduler_.completions());
    if (rule_.cost == 0 && makespan == makespan_) best_priority_ = from_start;
    makespan = std::min(makespan, judge(from_start));
    patience = makespan < best ? kPatience : patience - 1;
    best = std::min(best, makespan);
  }
  return makespan_ <= target;
}

// Replaces priorities by their ranks, so that exchanges and insertions are plain.
void ListSearch::rank(std::vector<Time>& priority, std::vector<TaskIndex>& order) {
  order.resize(priority.size());
  std::iota(order.begin(), order.end(), TaskIndex{0});
  std::stable_sort(order.begin(), order.end(),
                   [&priority](TaskIndex left, TaskIndex right) { return priority[left] < priority[right]; });
  for (std::size_t place = 0; place < order.size(); ++place) priority[order[place]] = static_cast<Time>(place);
}

void ListSearch::disturb(RandomEngine& engine) {
  Time& moved = candidate_[random_below(engine, candidate_.size())];
  Time& other = candidate_[random_below(engine, candidate_.size())];
  if (engine() % 2 == 0) {
    std::swap(moved, other);
    return;
  }
  const Time from = moved;
  const Time to = other;
  for (Time& priority : candidate_) {
    if (from < priority && priority <= to) --priority;
    if (to <= priority && priority < from) ++priority;
  }
  moved = to;
}

bool ListSearch::improve_by_exchanges(Time target, std::uint64_t lists, const StopCondition& stop) {
  RandomEngine engine(kSeed + judged_);  // each call looks elsewhere
  const std::uint64_t last = judged_ + lists;
  current_ = best_priority_;
  rank(current_, order_);
  Time current_makespan = judge(current_);
  for (std::uint64_t step = 1; judged_ < last && makespan_ > target && !stop.reached(); ++step) {
    candidate_ = current_;
    disturb(engine);
    Time makespan = judge(candidate_);
    if (step % kExchangesPerMirroring == 0 && makespan_ > target) {
      const Time before = makespan_;
      mirror_rounds(target, kMirrorRoundsPerStep, stop);
      if (makespan_ < before) {
        candidate_ = best_priority_;
        rank(candidate_, order_);
        makespan = judge(candidate_);
      }
    }
    if (makespan <= current_makespan) {
      current_makespan = makespan;
      std::swap(current_, candidate_);
    }
  }
  return makespan_ <= target;
}

}  // namespace splitlane
