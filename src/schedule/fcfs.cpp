#include "schedule/list_schedule.hpp"

namespace splitlane {

Lane schedule_fcfs(std::span<const Service> services, const SwitchRule& rule) {
  ListScheduler scheduler;
  scheduler.run_in_order_of_readiness(services, rule);
  return scheduler.lane();
}

}  // namespace splitlane
