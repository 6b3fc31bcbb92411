#include "splitlane/planning/given_plan.hpp"

#include <utility>

#include "splitlane/check/required_plan.hpp"

namespace splitlane {

Plan plan_for_round(const Instance& instance, GivenPlan given) {
  require_valid_plan(instance, given.plan, std::move(given.mismatches),
                     {std::move(given.where), "no plan to make a round of", "a valid plan of this instance"});
  return std::move(given.plan);
}

Plan plan_for_what_if(const Instance& instance, GivenPlan given, bool non_preemptive, Spelling spelling) {
  if (given.plan.origin.preemptive == non_preemptive) {
    given.mismatches.emplace_back(non_preemptive ? "made with preemption" : "made without preemption");
  }
  const Option& option = option_named(what_if_options(), "non-preemptive");
  const std::string made =
      non_preemptive ? "with " + option_use(option, "", spelling) : "without " + option_name(option, spelling);
  require_valid_plan(instance, given.plan, std::move(given.mismatches),
                     {std::move(given.where), "no plan to start from", "a valid plan of this instance, made " + made});
  return std::move(given.plan);
}

}  // namespace splitlane
