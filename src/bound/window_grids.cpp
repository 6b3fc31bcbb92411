#include "bound/window_grids.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/assert.hpp"
#include "base/paced_stop.hpp"
#include "bound/relaxed_tasks.hpp"

namespace splitlane {

namespace {

// Shares of the load of a helper that lie before each head (and tail) of its grid.
constexpr std::array<double, 5> kGridQuantiles = {0.05, 0.15, 0.3, 0.5, 0.75};
constexpr float kLeastWeight = 1e-3F;
constexpr Time kNone = std::numeric_limits<Time>::max();
constexpr double kWorthwhile = 1.0005;     // excess over the makespan that is worth another climb
constexpr std::size_t kTasksPerStep = 16;  // added up, of a PacedStop

struct WeightedTime {
  Time time;
  double work;
};

std::vector<Time> thresholds(std::vector<WeightedTime> values, Time least, Time most) {
  std::vector<Time> result = {least};
  std::sort(values.begin(), values.end(),
            [](const WeightedTime& left, const WeightedTime& right) { return left.time < right.time; });
  double total = 0.0;
  for (const WeightedTime& value : values) total += value.work;
  double sum = 0.0;
  std::size_t next = 0;
  for (const WeightedTime& value : values) {
    sum += value.work;
    while (next < kGridQuantiles.size() && sum > kGridQuantiles[next] * total) {
      if (value.time > result.back() && value.time <= most) result.push_back(value.time);
      ++next;
    }
  }
  return result;
}

struct SharedTask {
  Time head;
  Time tail;
  double work;
};

double value_of(const std::vector<SharedTask>& tasks, Time head, Time tail) {
  double load = 0.0;
  for (const SharedTask& task : tasks) load += task.head >= head && task.tail >= tail ? task.work : 0.0;
  return load > 0.0 ? load + static_cast<double>(head + tail) : 0.0;
}

// Whether some window asks for more than the makespan, and more than the one over the whole range, which has a price.
bool overloads(const WindowGrid& grid, const std::vector<SharedTask>& tasks, Time makespan, PacedStop& pace) {
  const double whole = value_of(tasks, grid.heads[0], grid.tails[0]);
  const double enough = std::max(static_cast<double>(makespan), whole) * kWorthwhile;
  for (const Time head : grid.heads) {
    for (const Time tail : grid.tails) {
      pace.spend(tasks.size() / kTasksPerStep + 1);
      if (value_of(tasks, head, tail) > enough) return true;
    }
  }
  return false;
}

}  // namespace

WindowGrids whole_range_grids(const Instance& instance, Time longest) {
  PerHelper<Time> heads(instance.helper_count(), kNone);
  PerHelper<Time> tails(instance.helper_count(), kNone);
  for (const OptionIndex option : instance.options()) {
    if (instance.is_local(option)) continue;
    const HelperIndex helper = instance.helper(option);
    for (const RelaxedTask& task : relaxed_tasks(service_of(instance, option), switch_rule_of(instance, helper))) {
      if (task.work == 0) continue;
      heads[helper] = std::min(heads[helper], task.head);
      tails[helper] = std::min(tails[helper], task.tail);
    }
  }
  WindowGrids grids(instance.helper_count());
  for (const HelperIndex helper : grids.indices()) {
    if (heads[helper] == kNone || heads[helper] + tails[helper] > longest) continue;
    grids[helper] = {{heads[helper]}, {tails[helper]}};
  }
  return grids;
}

std::optional<WindowGrids> finer_grids(const PriceProblem& problem, std::span<const float> shares, Time makespan,
                                       const StopCondition& stop) {
  SPLITLANE_ASSERT(shares.size() == problem.option_count(), shares.size(), problem.option_count());
  const Instance& instance = problem.instance();
  PacedStop pace(stop);
  PerHelper<std::vector<SharedTask>> tasks(instance.helper_count());
  for (std::size_t position = 0; position < shares.size(); ++position) {
    pace.spend();
    const OptionIndex option = problem.source(position);
    if (shares[position] < kLeastWeight || instance.is_local(option)) continue;
    const HelperIndex helper = instance.helper(option);
    for (const RelaxedTask& task : relaxed_tasks(service_of(instance, option), switch_rule_of(instance, helper))) {
      if (task.work == 0) continue;
      tasks[helper].push_back(
          {task.head, task.tail, static_cast<double>(task.work) * static_cast<double>(shares[position])});
    }
  }
  WindowGrids grids = problem.grids();
  bool lifts = false;
  for (const HelperIndex helper : grids.indices()) {
    WindowGrid& grid = grids[helper];
    if (grid.heads.empty() || tasks[helper].empty()) continue;
    WindowGrid finer;
    std::vector<WeightedTime> heads;
    std::vector<WeightedTime> tails;
    for (const SharedTask& task : tasks[helper]) {
      pace.spend();
      heads.push_back({task.head, task.work});
      tails.push_back({task.tail, task.work});
    }
    finer.heads = thresholds(std::move(heads), grid.heads[0], makespan - grid.tails[0]);
    finer.tails = thresholds(std::move(tails), grid.tails[0], makespan - grid.heads[0]);
    if (!overloads(finer, tasks[helper], makespan, pace)) continue;
    lifts = true;
    grid = std::move(finer);
  }
  if (!lifts) return std::nullopt;
  return grids;
}

}  // namespace splitlane
