#include "schedule/list_schedule.hpp"

namespace splitlane {

namespace {

// Puts every forward above every backward: turnarounds and tails stay below 2^55 (kLargestNumber and its sums).
constexpr Time kForwardFirst = Time{1} << 58;

}  // namespace

Lane schedule_longest_first(std::span<const Service> services, const SwitchRule& rule) {
  std::vector<Time> priority(2 * services.size());
  for (std::size_t index = 0; index < services.size(); ++index) {
    priority[2 * index] = kForwardFirst + services[index].turnaround;
    priority[2 * index + 1] = services[index].tail;
  }
  ListScheduler scheduler;
  scheduler.run(services, rule, priority, kNeverPreempt);
  return scheduler.lane();
}

}  // namespace splitlane
