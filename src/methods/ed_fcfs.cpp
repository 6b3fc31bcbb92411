#include <utility>

#include "methods/assemble.hpp"
#include "methods/load_balance.hpp"

namespace splitlane {

/// EquiD's assignment (INFOCOM 2026) with first come, first served on every helper.
Plan plan_ed_fcfs(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("ed-fcfs", instance, parameters);
  run.report("assignment");
  BalancedAssignment balanced = assign_balanced_load(instance, run.stop());
  return run.finish(std::move(balanced.choice), schedule_fcfs, std::move(balanced.warnings));
}

}  // namespace splitlane
