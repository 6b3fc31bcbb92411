// Whether memory that fits is found, and how soon: time to the first plan, by method, over random packings.
//
// usage: splitlane_memory_benchmark COUNT [METHOD,METHOD,…]
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "memory/packings.hpp"
#include "splitlane/error.hpp"
#include "splitlane/methods/method.hpp"

namespace {

using splitlane::benchmark::MemoryPuzzle;

constexpr double kShort = 1.0;
constexpr double kLong = 10.0;

struct Outcome {
  std::string code = "planned";
  double seconds = 0;
  double limit = 0;  ///< under which it was so
};

/// Ended by the first plan that the method speaks of, or by its end.
Outcome outcome_within(double limit, const splitlane::Method& method, const splitlane::Instance& instance) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  std::atomic<bool> cancelled = false;
  splitlane::MethodParameters parameters;
  parameters.time_limit_s = limit;
  parameters.cancelled = &cancelled;
  parameters.on_progress = [&](const splitlane::Progress& progress) {
    if (progress.makespan > 0) cancelled = true;
  };
  Outcome outcome;
  outcome.limit = limit;
  try {
    method.plan(instance, parameters);
  } catch (const splitlane::Error& error) {
    outcome.code = splitlane::error_code_name(error.code());
  }
  outcome.seconds = seconds();
  return outcome;
}

/// With the long limit only where the short one does not do.
Outcome first_plan(const splitlane::Method& method, const splitlane::Instance& instance, std::string_view wanted) {
  Outcome outcome = outcome_within(kShort, method, instance);
  return outcome.code == wanted ? outcome : outcome_within(kLong, method, instance);
}

void print_row(std::string_view first, std::string_view second, const std::vector<Outcome>& outcomes,
               std::string_view wanted) {
  std::vector<double> seconds;
  for (const Outcome& outcome : outcomes) {
    if (outcome.code == wanted) seconds.push_back(outcome.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  const auto within = [&](double limit) {
    const auto count = std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& outcome) {
      return outcome.code == wanted && outcome.limit <= limit;
    });
    return 100.0 * static_cast<double>(count) / static_cast<double>(outcomes.size());
  };
  const double median = seconds.empty() ? 0 : seconds[seconds.size() / 2];
  fmt::print("| {} | {} | {} | {:.1f} % | {:.1f} % | {:.3f} | {:.2f} |\n", first, second, outcomes.size(),
             within(kShort), within(kLong), median, seconds.empty() ? 0 : seconds.back());
  std::fflush(stdout);
}

void print_table(std::uint64_t count, const std::vector<std::string>& names, MemoryPuzzle (*draw)(std::uint64_t),
                 std::string_view wanted) {
  fmt::print("\n| method | packing | drawn | within 1 s | within 10 s | median, s | longest, s |\n");
  fmt::print("|---|---|---:|---:|---:|---:|---:|\n");
  for (const std::string& name : names) {
    const splitlane::Method& method = splitlane::find_method(name);
    std::map<std::string, std::vector<Outcome>> by_kind;
    std::vector<Outcome> all;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
      const MemoryPuzzle puzzle = draw(seed);
      const Outcome outcome = first_plan(method, puzzle.instance, wanted);
      if (outcome.code != wanted) fmt::print(stderr, "{}: {}, seed {} ({})\n", name, outcome.code, seed, puzzle.kind);
      by_kind[puzzle.kind].push_back(outcome);
      all.push_back(outcome);
    }
    for (const auto& [kind, outcomes] : by_kind) print_row(name, kind, outcomes, wanted);
    print_row(name, "all", all, wanted);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count < 2 || count > 3) {
    fmt::print(stderr, "usage: splitlane_memory_benchmark COUNT [METHOD,METHOD,...]\n");
    return 2;
  }
  std::vector<std::string> names;
  if (count == 3) {
    for (std::string rest = words[2]; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      names.push_back(rest.substr(0, comma));
      rest.erase(0, comma + 1);
    }
  } else {
    for (const splitlane::Method& method : splitlane::methods()) names.emplace_back(method.name);
  }
  const auto draws = std::strtoull(words[1], nullptr, 10);
  fmt::print("Packings that exist: the share that is planned.\n");
  print_table(draws, names, splitlane::benchmark::planted_packing, "planned");
  fmt::print("\nPackings that do not: the share that is proven impossible.\n");
  print_table(draws / 10, names, splitlane::benchmark::impossible_packing, "infeasible");
  return 0;
}
