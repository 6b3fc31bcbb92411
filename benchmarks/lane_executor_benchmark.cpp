#include <benchmark/benchmark.h>

#include <cstdint>

#include "splitlane/execution/lane_executor.hpp"

namespace splitlane::benchmarks {

namespace {

constexpr std::int64_t kLayers = 20;

// All clients wait; each task runs through its layers, asks at each whether to go on, and comes back as its client's
// next task with an end that is planned later than all others'.
void decide(benchmark::State& state, ExecutionRule rule) {
  const auto clients = static_cast<std::uint32_t>(state.range(0));
  LaneSettings settings;
  settings.rule = rule;
  LaneExecutor lane(settings, clients);
  std::int64_t batch = 0;
  const auto task_of = [&batch](std::uint32_t client) {
    ++batch;
    ReadyTask task;
    task.task = {client, batch, Task::kForward};
    task.ready = task.planned_end = batch;
    task.tail = task.path = -batch;
    return task;
  };
  for (std::uint32_t client = 0; client < clients; ++client) lane.ready(task_of(client));
  for (auto iteration : state) {
    const std::uint32_t client = lane.next().task->client;
    for (std::int64_t layer = 1; layer < kLayers; ++layer) benchmark::DoNotOptimize(lane.at_pause_point());
    lane.ended();
    lane.ready(task_of(client));
  }
  state.SetItemsProcessed(state.iterations() * kLayers);  // decisions
}
BENCHMARK_CAPTURE(decide, planned, ExecutionRule::kPlanned)->Name("execution/planned")->Range(10, 100000);
BENCHMARK_CAPTURE(decide, longest_tail, ExecutionRule::kLongestTail)->Name("execution/longest_tail")->Range(10, 100000);

}  // namespace

}  // namespace splitlane::benchmarks
