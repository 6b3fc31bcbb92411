#include <utility>

#include "methods/load_balance.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

/// EquiD (INFOCOM 2026): balanced loads, then non-preemptive, longest turnaround and longest tail first.
Plan plan_equid(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("equid", instance, parameters);
  run.report("assignment");
  BalancedAssignment balanced = assign_balanced_load(run);
  return run.finish(std::move(balanced.choice), schedule_longest_first, std::move(balanced.warnings));
}

}  // namespace splitlane
