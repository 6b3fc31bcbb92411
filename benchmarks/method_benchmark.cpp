#include <benchmark/benchmark.h>

#include "problems.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/methods/method.hpp"

namespace splitlane::benchmarks {

namespace {

constexpr std::string_view kRealName = "vgg19_s1_100_10.json";

void report_plan(benchmark::State& state, const Plan& plan) {
  state.counters["makespan"] = static_cast<double>(plan.schedule.makespan);
  state.counters["lower_bound"] = static_cast<double>(plan.proof.lower_bound);
}

/// What `splitlane plan` does between its start and its end: read, plan, write.
void plan_real(benchmark::State& state, const std::string& method) {
  for (const std::string& path : shared_instance_paths("real")) {
    if (!path.ends_with(kRealName)) continue;
    Plan plan;
    for (auto iteration : state) {
      const std::string bytes = read_file(path);
      const Instance instance = parse_instance(bytes);
      plan = find_method(method).plan(instance, {});
      benchmark::DoNotOptimize(write_plan(instance, plan, sha256_hex(bytes)));
    }
    report_plan(state, plan);
    return;
  }
  state.SkipWithError("the shared problems are not here");
}
BENCHMARK_CAPTURE(plan_real, auto, std::string("auto")) -> Name("plan/real_100x10/auto")
    -> Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_real, balanced_greedy, std::string("balanced-greedy"))
    ->Name("plan/real_100x10/balanced-greedy")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_real, random_fcfs, std::string("random-fcfs"))
    ->Name("plan/real_100x10/random-fcfs")
    ->Unit(benchmark::kMillisecond);

void plan_large(benchmark::State& state, const std::string& method, bool bounded_memory) {
  const Instance instance = random_instance(100'000, 1'000, 8, bounded_memory);
  MethodParameters parameters;
  parameters.threads = 2;
  Plan plan;
  for (auto iteration : state) plan = find_method(method).plan(instance, parameters);
  report_plan(state, plan);
}
BENCHMARK_CAPTURE(plan_large, greedy, std::string("balanced-greedy"), false)
    ->Name("plan/1e5x1e3x8/balanced-greedy")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_large, greedy_memory, std::string("balanced-greedy"), true)
    ->Name("plan/1e5x1e3x8/memory/balanced-greedy")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_large, equid, std::string("equid"), false)
    ->Name("plan/1e5x1e3x8/equid")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(plan_large, auto, std::string("auto"), false) -> Name("plan/1e5x1e3x8/auto")
    -> Unit(benchmark::kMillisecond);

void bound_large(benchmark::State& state) {
  const Instance instance = random_instance(100'000, 1'000, 8, false);
  for (auto iteration : state) benchmark::DoNotOptimize(instance_bound(instance));
}
BENCHMARK(bound_large)->Name("bound/1e5x1e3x8")->Unit(benchmark::kMillisecond);

}  // namespace

}  // namespace splitlane::benchmarks
