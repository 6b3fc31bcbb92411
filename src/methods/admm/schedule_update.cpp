#include "methods/admm/schedule_update.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "splitlane/bound/bound.hpp"

namespace splitlane::admm {

namespace {

// Objectives closer than this are the same: they are sums of integers times lambda and rho / 2.
constexpr double kSame = 1e-6;
constexpr std::size_t kCompletion = 0;  // column of C; pair k has column k + 1

double real(Time value) { return static_cast<double>(value); }

}  // namespace

ScheduleUpdate::ScheduleUpdate(const ForwardPairs& pairs, std::size_t helper_count)
    : pairs_(pairs), pairs_of_helper_(helper_count) {
  for (std::size_t pair = 0; pair < pairs.pairs.size(); ++pair) {
    pairs_of_helper_[pairs.pairs[pair].helper.value()].push_back(pair);
  }
  for (std::vector<std::size_t>& of_helper : pairs_of_helper_) {
    std::stable_sort(of_helper.begin(), of_helper.end(), [&](std::size_t left, std::size_t right) {
      return pairs.pairs[left].release > pairs.pairs[right].release;
    });
  }
}

std::optional<ScheduleUpdateResult> ScheduleUpdate::solve(const std::vector<bool>& chosen,
                                                          std::span<const double> duals, double penalty,
                                                          ProgramBudget& budget, const StopCondition& stop) {
  set_costs(chosen, duals, penalty);
  best_ = {{}, 0, std::numeric_limits<double>::infinity(), true};
  windows_.clear();
  for (const int rule : {0, 1, 2}) {
    if (stop.reached()) return std::nullopt;
    offer_simple_choice(rule, chosen);
  }
  open_ = {{first_completion(), last_completion()}};
  while (!open_.empty()) {
    const Range range = open_.back();
    open_.pop_back();
    if (!explore(range, budget, stop)) return std::nullopt;
  }
  return best_;
}

// |n - y p| is n where y = 0 and p - n where y = 1, since 0 <= n <= p.
void ScheduleUpdate::set_costs(const std::vector<bool>& chosen, std::span<const double> duals, double penalty) {
  tails_.assign(pairs_.multiple.size(), 0);
  cost_.clear();
  constant_ = 0;
  for (std::size_t pair = 0; pair < chosen.size(); ++pair) {
    const ForwardPair& entry = pairs_.pairs[pair];
    cost_.push_back(duals[pair] + (chosen[pair] ? -penalty / 2 : penalty / 2));
    if (!chosen[pair]) continue;
    tails_[entry.client] = entry.tail;
    constant_ += (penalty / 2 - duals[pair]) * real(entry.work);
  }
  least_ = constant_;
  for (std::size_t client = 0; client < tails_.size(); ++client) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t pair = pairs_.first_of_client[client]; pair < pairs_.first_of_client[client + 1]; ++pair) {
      least = std::min(least, cost_[pair] * real(pairs_.pairs[pair].work));
    }
    if (pairs_.first_of_client[client] < pairs_.first_of_client[client + 1]) least_ += least;
  }
}

void ScheduleUpdate::offer(const std::vector<Time>& work) {
  const Time completion = completion_of(work);
  double objective = constant_ + real(completion);
  for (std::size_t pair = 0; pair < work.size(); ++pair) objective += cost_[pair] * real(std::max<Time>(work[pair], 0));
  if (objective >= best_.objective - kSame) return;
  best_.work = work;
  best_.completion = completion;
  best_.objective = objective;
}

// All work of every client where it is assigned, or else where it is earliest (rule 0), cheapest (1), or both in sum.
void ScheduleUpdate::offer_simple_choice(int rule, const std::vector<bool>& chosen) {
  std::vector<Time> work(cost_.size(), -1);
  std::vector<Time> load(pairs_of_helper_.size(), 0);
  for (std::size_t client = 0; client < tails_.size(); ++client) {
    std::optional<std::pair<double, std::size_t>> best;
    for (std::size_t pair = pairs_.first_of_client[client]; pair < pairs_.first_of_client[client + 1]; ++pair) {
      const ForwardPair& entry = pairs_.pairs[pair];
      const double cost = cost_[pair] * real(entry.work);
      const double end = real(std::max(entry.release, load[entry.helper.value()]) + entry.work);
      double rank = rule == 1 ? cost + 1e-9 * end : end;
      if (rule == 2) rank += cost;
      if (rule == 0) rank = chosen[pair] ? -1 : rank;
      if (!best || rank < best->first) best = {rank, pair};
    }
    if (!best) continue;
    const ForwardPair& entry = pairs_.pairs[best->second];
    work[best->second] = entry.work;
    load[entry.helper.value()] = std::max(entry.release, load[entry.helper.value()]) + entry.work;
  }
  offer(work);
}

Time ScheduleUpdate::first_completion() const {
  Time completion = 0;
  for (std::size_t client = 0; client < tails_.size(); ++client) {
    Time least = std::numeric_limits<Time>::max();
    for (std::size_t pair = pairs_.first_of_client[client]; pair < pairs_.first_of_client[client + 1]; ++pair) {
      least = std::min(least, pairs_.pairs[pair].release + pairs_.pairs[pair].quantum + tails_[client]);
    }
    if (least != std::numeric_limits<Time>::max()) completion = std::max(completion, least);
  }
  return completion;
}

// A later one cannot pay: everything else costs `least_` at least.
Time ScheduleUpdate::last_completion() const {
  const double latest = std::min(std::floor(best_.objective - least_ + kSame), real(kLargestNumber));
  return std::max(first_completion(), static_cast<Time>(latest));
}

bool ScheduleUpdate::explore(Range range, ProgramBudget& budget, const StopCondition& stop) {
  const std::size_t columns = cost_.size() + 1;
  while (true) {
    range.last = std::min(range.last, last_completion());
    if (range.first > range.last || real(range.first) + least_ >= best_.objective - kSame) return true;
    const std::int64_t nodes = budget.nodes_for(columns);
    Milp::Result result;
    if (nodes > 0) result = program(range).solve(stop, {}, nodes);
    budget.spend(columns, result.nodes);
    if (result.status == Milp::Status::kInfeasible) return true;
    const std::optional<std::vector<Time>> work = work_of(result.values);
    if (!work && stop.reached()) return false;
    if (result.status != Milp::Status::kOptimal || !work) {
      best_.is_least = false;
      if (work) offer(*work);
      return true;
    }
    if (result.objective + constant_ >= best_.objective - kSame) return true;
    const Time promised = std::llround(result.values[kCompletion]);
    offer(*work);
    const std::vector<Window> violated = windows_violated(*work, promised);
    if (violated.empty()) return true;
    const std::size_t known = windows_.size();
    std::optional<Time> bend;
    for (const Window& window : violated) {
      if (std::find(windows_.begin(), windows_.end(), window) == windows_.end()) {
        windows_.push_back(window);
      } else if (const Time at = window.head + window.tail; range.first < at && at < range.last) {
        bend = at;
      }
    }
    if (windows_.size() > known) continue;
    if (!bend) return true;  // nothing but rounding of the solver stands between promise and schedule
    open_.push_back({*bend, range.last});
    range.last = *bend;
  }
}

Milp ScheduleUpdate::program(Range range) const {
  Milp program;
  program.add_column(real(range.first), real(range.last), 1, true);
  for (std::size_t pair = 0; pair < cost_.size(); ++pair) {
    const ForwardPair& entry = pairs_.pairs[pair];
    const Time room = range.last - tail_of(entry) - entry.release;
    Time most = room >= 0 ? entry.quanta : 0;
    if (entry.quantum > 0) most = std::min(most, std::max<Time>(room, 0) / entry.quantum);
    program.add_column(0, real(most), cost_[pair] * real(entry.quantum), true);
  }
  add_share_rows(program, range);
  for (const Window& window : windows_) add_window_row(program, window, range);
  return program;
}

// (20); and what C must be for the share of a client that a helper has, which no window says of a part of it.
void ScheduleUpdate::add_share_rows(Milp& program, Range) const {
  for (std::size_t client = 0; client < tails_.size(); ++client) {
    const std::size_t first = pairs_.first_of_client[client];
    const std::size_t last = pairs_.first_of_client[client + 1];
    if (first == last) continue;
    const std::size_t share = program.add_row(real(pairs_.multiple[client]), real(pairs_.multiple[client]));
    const std::size_t end = program.add_row(-Milp::kInfinity, 0);
    program.add_term(end, kCompletion, -1);
    const bool is_whole = pairs_.multiple[client] == 1;
    for (std::size_t pair = first; pair < last; ++pair) {
      const ForwardPair& entry = pairs_.pairs[pair];
      program.add_term(share, pair + 1, real(pairs_.multiple[client] / entry.quanta));
      const Time path = entry.release + tails_[client] + (is_whole ? entry.work : 0);
      program.add_term(end, pair + 1, real(path) / real(entry.quanta));
      if (is_whole || entry.quantum == 0) continue;
      const std::size_t alone = program.add_row(-Milp::kInfinity, 0);
      program.add_term(alone, kCompletion, -1);
      program.add_term(alone, pair + 1,
                       real(entry.release + tails_[client]) / real(entry.quanta) + real(entry.quantum));
    }
  }
}

void ScheduleUpdate::add_window_row(Milp& program, const Window& window, Range range) const {
  const Time bend = window.head + window.tail;
  double slope = 0;
  double upper = 0;
  if (bend <= range.first) {
    slope = 1;
    upper = -real(bend);
  } else if (bend < range.last) {
    slope = real(range.last - bend) / real(range.last - range.first);
    upper = -slope * real(range.first);
  }
  const std::size_t row = program.add_row(-Milp::kInfinity, upper);
  if (slope > 0) program.add_term(row, kCompletion, -slope);
  for (const std::size_t pair : pairs_of_helper_[window.helper]) {
    const ForwardPair& entry = pairs_.pairs[pair];
    if (entry.release < window.head) break;
    if (entry.quantum > 0 && tail_of(entry) >= window.tail) program.add_term(row, pair + 1, real(entry.quantum));
  }
}

// -1: no share at all, which for a pair without work is not the same as all of nothing.
std::optional<std::vector<Time>> ScheduleUpdate::work_of(const std::vector<double>& values) const {
  if (values.size() != cost_.size() + 1) return std::nullopt;
  std::vector<Time> work;
  for (std::size_t client = 0; client < tails_.size(); ++client) {
    const std::size_t last = pairs_.first_of_client[client + 1];
    Time shares = 0;
    for (std::size_t pair = pairs_.first_of_client[client]; pair < last; ++pair) {
      const ForwardPair& entry = pairs_.pairs[pair];
      const double value = values[pair + 1];
      if (!(value > -0.5 && value < real(entry.quanta) + 0.5)) return std::nullopt;
      const Time quanta = std::llround(value);
      shares += pairs_.multiple[client] / entry.quanta * quanta;
      work.push_back(quanta == 0 ? -1 : quanta * entry.quantum);
    }
    if (pairs_.first_of_client[client] < last && shares != pairs_.multiple[client]) return std::nullopt;
  }
  return work;
}

Time ScheduleUpdate::completion_of(const std::vector<Time>& work) const {
  Time latest = 0;
  for (const std::vector<std::size_t>& pairs : pairs_of_helper_) {
    std::vector<Service> forwards;
    for (const std::size_t pair : pairs) {
      const ForwardPair& entry = pairs_.pairs[pair];
      if (work[pair] >= 0) forwards.push_back({entry.release, work[pair], 0, 0, tail_of(entry)});
    }
    latest = std::max(latest, window_bound(forwards, {}));
  }
  return latest;
}

// The static windows (docs/how_it_works.md#windows) of the work on every helper that do not fit by `completion`.
std::vector<ScheduleUpdate::Window> ScheduleUpdate::windows_violated(const std::vector<Time>& work,
                                                                     Time completion) const {
  std::vector<Window> found;
  for (std::size_t helper = 0; helper < pairs_of_helper_.size(); ++helper) {
    std::vector<std::size_t> used;
    std::vector<Time> tails;
    for (const std::size_t pair : pairs_of_helper_[helper]) {
      if (work[pair] < 0) continue;
      used.push_back(pair);
      tails.push_back(tail_of(pairs_.pairs[pair]));
    }
    std::sort(tails.begin(), tails.end());
    tails.erase(std::unique(tails.begin(), tails.end()), tails.end());
    for (const Time tail : tails) {
      Time load = 0;
      Time end = 0;
      Time head = 0;
      for (const std::size_t pair : used) {
        const ForwardPair& entry = pairs_.pairs[pair];
        if (tail_of(entry) < tail) continue;
        load += work[pair];
        if (entry.release + load + tail <= end) continue;
        end = entry.release + load + tail;
        head = entry.release;
      }
      if (end > completion) found.push_back({helper, head, tail});
    }
  }
  return found;
}

}  // namespace splitlane::admm
