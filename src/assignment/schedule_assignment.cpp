#include "assignment/schedule_assignment.hpp"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <utility>

#include "base/workers.hpp"
#include "splitlane/bound/bound.hpp"

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

Lane schedule_improved(std::span<const Service> services, const SwitchRule& rule) {
  return schedule_improved_jackson(services, rule, window_bound(services, rule));
}

std::vector<std::vector<ClientIndex>> clients_by_helper(const Instance& instance, const Assignment& choice) {
  std::vector<std::vector<ClientIndex>> result(instance.helper_count());
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    if (!instance.is_local(option)) result[instance.helper(option).value()].push_back(client);
  }
  return result;
}

Schedule schedule_assignment(const Instance& instance, const Assignment& choice, Scheduler scheduler, int threads) {
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
  return evaluate_schedule(instance, choice, std::move(table));
}

}  // namespace splitlane
