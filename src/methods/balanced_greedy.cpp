#include "assignment/balanced_greedy.hpp"

#include "methods/method_run.hpp"

namespace splitlane {

Plan plan_balanced_greedy(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("balanced-greedy", instance, parameters);
  return run.finish(assign_balanced_greedy(instance), schedule_fcfs);
}

}  // namespace splitlane
