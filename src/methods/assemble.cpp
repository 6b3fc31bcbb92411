#include "methods/assemble.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <utility>

#include "base/workers.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

// Below this many clients starting threads costs more than it saves.
constexpr std::size_t kWorthThreads = 2000;

std::vector<Segment> schedule_helper(const Instance& instance, const Assignment& choice, HelperIndex helper,
                                     const std::vector<ClientIndex>& clients, Scheduler scheduler) {
  std::vector<Service> services;
  services.reserve(clients.size());
  for (const ClientIndex client : clients) services.push_back(service_of(instance, choice[client.value()]));
  std::vector<Segment> segments;
  for (const LaneSegment& segment : scheduler(services, switch_rule_of(instance, helper))) {
    segments.push_back({clients[segment.service], segment.task, segment.start, segment.end});
  }
  return segments;
}

}  // namespace

std::vector<std::vector<ClientIndex>> clients_by_helper(const Instance& instance, const Assignment& choice) {
  std::vector<std::vector<ClientIndex>> result(instance.helper_count());
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    if (!instance.is_local(option)) result[instance.helper(option).value()].push_back(client);
  }
  return result;
}

Plan schedule_assignment(const Instance& instance, const Assignment& choice, Scheduler scheduler, int threads) {
  const std::vector<std::vector<ClientIndex>> clients = clients_by_helper(instance, choice);
  std::vector<std::vector<Segment>> lanes(instance.helper_count());
  const auto schedule_one = [&](std::size_t helper) {
    lanes[helper] = schedule_helper(instance, choice, HelperIndex(helper), clients[helper], scheduler);
  };
  if (threads > 1 && instance.client_count() >= kWorthThreads) {
    tbb::task_arena arena(useful_threads(threads));
    arena.execute([&] { tbb::parallel_for(std::size_t{0}, lanes.size(), schedule_one); });
  } else {
    for (std::size_t helper = 0; helper < lanes.size(); ++helper) schedule_one(helper);
  }
  SegmentTable table;
  for (const std::vector<Segment>& lane : lanes) table.append_lane(lane);
  return evaluate_plan(instance, choice, std::move(table));
}

MethodRun::MethodRun(std::string_view method, const Instance& instance, const MethodParameters& parameters)
    : method_(method),
      instance_(instance),
      parameters_(parameters),
      start_(std::chrono::steady_clock::now()),
      stop_(parameters.stop_condition()) {
  if (parameters.threads < 1) {
    throw Error(ErrorCode::kUsage,
                {"threads", "number of threads", fmt::format("{}", parameters.threads), "at least 1"});
  }
  if (parameters.time_limit_s && !(*parameters.time_limit_s > 0)) {
    throw Error(ErrorCode::kUsage,
                {"time_limit_s", "time limit", fmt::format("{}", *parameters.time_limit_s), "above 0 s"});
  }
  require_plannable(instance);
}

double MethodRun::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void MethodRun::report(std::string_view step, Time makespan, Time lower_bound) const {
  if (parameters_.on_progress) parameters_.on_progress({seconds(), makespan, lower_bound, step, std::nullopt});
}

void MethodRun::report(std::string_view step, const Progress::Iteration& iteration) const {
  if (parameters_.on_progress) parameters_.on_progress({seconds(), 0, 0, step, iteration});
}

Plan MethodRun::finish(Assignment choice, Scheduler scheduler, std::vector<std::string> warnings) const {
  if (complete_assignment(instance_, choice, stop_)) {
    warnings.emplace_back(
        "the method's own order ran out of memory on every helper of some client; "
        "the assignment was completed by moving other clients");
  }
  report("schedule");
  Plan plan = schedule_assignment(instance_, choice, scheduler, parameters_.threads);
  report("bound", plan.makespan);
  return finish(std::move(plan), instance_bound(instance_, stop_), std::move(warnings));
}

Plan MethodRun::finish(Plan plan, Time lower_bound, std::vector<std::string> warnings) const {
  plan.method = method_;
  plan.seed = parameters_.seed;
  plan.warnings = std::move(warnings);
  set_lower_bound(plan, lower_bound);
  plan.runtime_ms = seconds() * 1000.0;
  report("done", plan.makespan, plan.lower_bound);
  return plan;
}

}  // namespace splitlane
