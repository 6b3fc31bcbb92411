#include <benchmark/benchmark.h>

#include "problems.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/schedule/schedule.hpp"

namespace splitlane::benchmarks {

namespace {

template <Scheduler scheduler>
void schedule_one_helper(benchmark::State& state) {
  const std::vector<Service> services = random_services(static_cast<std::size_t>(state.range(0)));
  for (auto iteration : state) benchmark::DoNotOptimize(scheduler(services, {}));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(schedule_one_helper<schedule_fcfs>)->Name("schedule/fcfs")->Range(10, 10000)->Complexity();
BENCHMARK(schedule_one_helper<schedule_longest_first>)->Name("schedule/longest_first")->Range(10, 10000)->Complexity();
BENCHMARK(schedule_one_helper<schedule_coupled_jackson>)
    ->Name("schedule/coupled_jackson")
    ->Range(10, 10000)
    ->Complexity();

void bound_one_helper(benchmark::State& state) {
  const std::vector<Service> services = random_services(static_cast<std::size_t>(state.range(0)));
  for (auto iteration : state) benchmark::DoNotOptimize(window_bound(services, {}));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(bound_one_helper)->Name("bound/window")->Range(10, 10000)->Complexity();

void backward_given_forward(benchmark::State& state) {
  const std::vector<Service> services = random_services(static_cast<std::size_t>(state.range(0)));
  Lane forward_lane;
  Time now = 0;
  for (std::uint32_t service = 0; service < services.size(); ++service) {
    const Time start = std::max(now, services[service].release);
    now = start + services[service].forward;
    forward_lane.push_back({service, Task::kForward, start, now});
  }
  for (auto iteration : state) benchmark::DoNotOptimize(schedule_backward_given_forward(services, {}, forward_lane));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(backward_given_forward)->Name("schedule/backward_given_forward")->Range(10, 10000)->Complexity();

}  // namespace

}  // namespace splitlane::benchmarks
