#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "splitlane/check/check_trace.hpp"
#include "splitlane/error.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/observation/observed_batch.hpp"
#include "support/random_instance.hpp"

namespace splitlane::test {

/// A plan to follow, of a random instance that has one.
struct Followed {
  Instance instance;
  Plan plan;
  FollowedPlan followed;
};

inline std::optional<Followed> followed_random_plan(std::uint64_t seed, const InstanceShape& shape) {
  Instance instance = random_instance(seed, shape);
  try {
    Plan plan = plan_scale(instance, {});
    FollowedPlan followed_plan = followed(instance, plan.schedule);
    return Followed{std::move(instance), std::move(plan), std::move(followed_plan)};
  } catch (const Error&) {
    return std::nullopt;  // its memory has no room for all
  }
}

/// A trace of an execution, which must be valid.
inline Trace valid_trace(const Followed& problem, const SimulationParameters& parameters, ExecutionRule rule,
                         std::size_t execution = 0) {
  Trace trace = simulated_trace(problem.instance, problem.followed, parameters, rule, execution);
  const TraceReport report = check_trace(problem.instance, problem.plan, trace);
  EXPECT_TRUE(report.valid()) << (report.valid() ? "" : report.violations.front());
  return trace;
}

}  // namespace splitlane::test
