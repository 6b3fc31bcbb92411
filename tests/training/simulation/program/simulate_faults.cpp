// Trainings in a hostile simulated cluster, as many seeds as wanted. Prints one line with what befell them and what
// came of them; a seed that breaks an invariant is told, with its conversation.
//
//     splitlane_simulate_faults --seeds 1000000 --from 1 --threads 2
//     splitlane_simulate_faults --replay 4711
#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "training/simulation/hostile_training.hpp"

namespace {

using splitlane::Time;
using splitlane::training::hostile_training;
using splitlane::training::HostileOutcome;

constexpr int kMostFailures = 5;

struct Arguments {
  std::uint64_t seeds = 10'000;
  std::uint64_t from = 1;
  std::uint64_t threads = 1;
  std::uint64_t replay = 0;
};

Arguments read(int count, char** words) {
  Arguments arguments;
  for (int at = 1; at + 1 < count; at += 2) {
    const std::string_view name = words[at];
    const std::uint64_t value = std::stoull(words[at + 1]);
    if (name == "--seeds") arguments.seeds = value;
    if (name == "--from") arguments.from = value;
    if (name == "--threads") arguments.threads = value;
    if (name == "--replay") arguments.replay = value;
  }
  return arguments;
}

bool replay(std::uint64_t seed) {
  const HostileOutcome outcome =
      hostile_training(seed, [](Time instant, const std::string& line) { fmt::print("{:>12} {}\n", instant, line); });
  for (const std::string& violation : outcome.violations) fmt::print("seed {}: {}\n", seed, violation);
  return outcome.violations.empty();
}

struct Totals {
  HostileOutcome sum;
  std::uint64_t results = 0;
  std::uint64_t reasons = 0;
  std::uint64_t compared = 0;
  int failures = 0;

  void add(const HostileOutcome& outcome) {
    sum.faults.client_crashes += outcome.faults.client_crashes;
    sum.faults.helper_crashes += outcome.faults.helper_crashes;
    sum.faults.returns += outcome.faults.returns;
    sum.faults.stalls += outcome.faults.stalls;
    sum.faults.aggregator_links += outcome.faults.aggregator_links;
    sum.faults.helper_links += outcome.faults.helper_links;
    sum.faults.aggregator_restarts += outcome.faults.aggregator_restarts;
    sum.faults.goodbyes += outcome.faults.goodbyes;
    sum.rounds += outcome.rounds;
    sum.partial_rounds += outcome.partial_rounds;
    sum.moved_clients += outcome.moved_clients;
    ++(outcome.has_result ? results : reasons);
    compared += outcome.is_compared ? 1 : 0;
  }

  void print() const {
    fmt::print(
        "clients died {}, helpers died {}, came back {}, stalls {}, links to the aggregator cut {}, links to helpers "
        "cut {}, aggregator restarts {}, goodbyes {}\n",
        sum.faults.client_crashes, sum.faults.helper_crashes, sum.faults.returns, sum.faults.stalls,
        sum.faults.aggregator_links, sum.faults.helper_links, sum.faults.aggregator_restarts, sum.faults.goodbyes);
    fmt::print(
        "rounds {}, of these without some clients {}, attempts given up of clients that finished {}, trainings with a "
        "result {}, with a reason {}, compared with the undisturbed one {}\n",
        sum.rounds, sum.partial_rounds, sum.moved_clients, results, reasons, compared);
  }
};

}  // namespace

int main(int count, char** words) {
  const Arguments arguments = read(count, words);
  if (arguments.replay > 0) return replay(arguments.replay) ? 0 : 1;
  std::atomic<std::uint64_t> next = arguments.from;
  std::mutex mutex;
  Totals totals;
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < arguments.threads; ++thread) {
    threads.emplace_back([&] {
      for (std::uint64_t seed = next++; seed < arguments.from + arguments.seeds; seed = next++) {
        const HostileOutcome outcome = hostile_training(seed);
        const std::lock_guard lock(mutex);
        totals.add(outcome);
        if (outcome.violations.empty() || totals.failures >= kMostFailures) continue;
        ++totals.failures;
        fmt::print("seed {}: {}\n  replay: --replay {}\n", seed, outcome.violations.front(), seed);
        std::fflush(stdout);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  fmt::print("seeds {} to {}\n", arguments.from, arguments.from + arguments.seeds - 1);
  totals.print();
  return totals.failures == 0 ? 0 : 1;
}
