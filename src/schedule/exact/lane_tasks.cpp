#include "schedule/exact/lane_tasks.hpp"

#include <utility>

namespace splitlane {

void LaneTasks::reset(std::span<const Service> services, Time makespan) {
  const std::size_t tasks = 2 * services.size();
  work.resize(tasks);
  head.resize(tasks);
  deadline.resize(tasks);
  for (std::size_t index = 0; index < services.size(); ++index) {
    const Service& service = services[index];
    const TaskIndex forward = task_index(index, Task::kForward);
    const TaskIndex backward = task_index(index, Task::kBackward);
    work[forward] = service.forward;
    work[backward] = service.backward;
    head[forward] = service.release;
    head[backward] = service.release + service.forward + service.turnaround;
    deadline[backward] = makespan - service.tail;
    deadline[forward] = deadline[backward] - service.backward - service.turnaround;
  }
}

}  // namespace splitlane
