#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "base/stopped.hpp"
#include "methods/ilp/slot_program.hpp"
#include "methods/method_run.hpp"
#include "splitlane/bound/bound.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

// What the solver's floating point may be short of an integer.
constexpr double kTolerance = 1e-6;

void require_small(const Instance& instance) {
  // The horizon alone decides first, so that no product of two large numbers is taken.
  const bool is_long = instance.horizon() > static_cast<Time>(kIlpLargestProgram);
  const std::size_t size = is_long ? 0 : ilp::SlotProgram::size_of(instance);
  if (!is_long && size <= kIlpLargestProgram) {
    const double terms = ilp::SlotProgram::switch_terms_of(instance);
    if (terms <= static_cast<double>(kIlpMostSwitchTerms)) return;
    throw Error(
        ErrorCode::kUsage,
        {"method ilp", "the switch costs make the program too large", fmt::format("{:.0f} terms for them", terms),
         fmt::format("at most {} terms: longer slots, or method exact", kIlpMostSwitchTerms)});
  }
  const std::string got = is_long ? fmt::format("a horizon of {} slots", instance.horizon())
                                  : fmt::format("{} binaries over {} slots", size, instance.horizon());
  throw Error(ErrorCode::kUsage, {"method ilp", "the instance is too large for a binary per task and slot", got,
                                  fmt::format("at most {} {}: longer slots, or method exact", kIlpLargestProgram,
                                              is_long ? "slots" : "binaries")});
}

struct Solution {
  Milp::Result result;
  std::optional<Schedule> schedule;
};

// The solver's row of a helper's memory may be off by a few megabytes in 2^53.
bool fits_memory(const Instance& instance, const Assignment& choice) {
  MemoryLedger ledger(instance);
  for (const OptionIndex option : choice) {
    if (!ledger.fits(option)) return false;
    ledger.take(option);
  }
  return true;
}

// Nothing where the time is up before there is a program. The solver starts from nothing: as a reference it must not
// owe its plan to our own methods.
Solution solved(const MethodRun& run) {
  try {
    const ilp::SlotProgram program(run.instance(), run.parameters().preemptive, run.stop());
    Solution solution{program.solve(), std::nullopt};
    if (solution.result.values.empty()) return solution;
    Schedule schedule = program.schedule_of(solution.result.values);
    if (fits_memory(run.instance(), schedule.choice)) solution.schedule = std::move(schedule);
    return solution;
  } catch (const Stopped&) {
    return {};
  }
}

std::string_view reason_for_none(const MethodRun& run, const Milp::Result& result) {
  const bool is_beyond_numbers = result.status == Milp::Status::kNotAsked || !result.values.empty();
  if (is_beyond_numbers) return "cannot tell numbers so large apart";
  return run.stop().reached() ? "found no plan in time" : "gave up without a plan";
}

}  // namespace

Plan plan_ilp(const Instance& instance, const MethodParameters& parameters) {
  const MethodRun run("ilp", instance, parameters);
  require_small(instance);
  Plan best{run.start_schedule()};
  run.report("program", best.schedule.makespan);
  auto [result, schedule] = solved(run);
  const bool is_solved = result.status == Milp::Status::kOptimal;
  const double bound = is_solved ? result.objective : result.bound;
  const Time proven = bound > 0 ? static_cast<Time>(std::ceil(bound - kTolerance)) : 0;
  std::vector<std::string> warnings;
  if (schedule) {
    best.schedule = *std::move(schedule);
  } else {
    warnings.push_back(fmt::format("the solver {}; this one is a quick heuristic's", reason_for_none(run, result)));
  }
  best.origin.parameters["horizon"] = instance.horizon();
  best.origin.parameters["ilp_lower_bound"] = proven;
  return run.finish(std::move(best), std::max(proven, instance_bound(instance, run.stop())), std::move(warnings));
}

}  // namespace splitlane
