#include <utility>

#include "methods/load_balance.hpp"
#include "methods/method_run.hpp"

namespace splitlane {

namespace {

Plan plan_balanced(std::string_view method, Scheduler scheduler, const Instance& instance,
                   const MethodParameters& parameters) {
  const MethodRun run(method, instance, parameters);
  run.report("assignment");
  BalancedAssignment balanced = assign_balanced_load(run);
  return run.finish(std::move(balanced.choice), scheduler, std::move(balanced.warnings));
}

}  // namespace

/// EquiD (INFOCOM 2026): balanced loads, then non-preemptive, longest turnaround and longest tail first.
Plan plan_equid(const Instance& instance, const MethodParameters& parameters) {
  return plan_balanced("equid", schedule_longest_first, instance, parameters);
}

/// EquiD's assignment with first come, first served on every helper.
Plan plan_ed_fcfs(const Instance& instance, const MethodParameters& parameters) {
  return plan_balanced("ed-fcfs", schedule_fcfs, instance, parameters);
}

}  // namespace splitlane
