#include <utility>

#include "methods/load_balance.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

/// EquiD's assignment (INFOCOM 2026) with first come, first served on every helper.
Plan plan_ed_fcfs(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("ed-fcfs", instance, parameters);
  run.report("assignment");
  BalancedAssignment balanced = assign_balanced_load(run);
  return run.finish(std::move(balanced.choice), schedule_fcfs, std::move(balanced.warnings));
}

}  // namespace splitlane
