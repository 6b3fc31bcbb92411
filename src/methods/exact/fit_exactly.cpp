#include "methods/exact/fit_exactly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "assignment/schedule_assignment.hpp"
#include "methods/exact/exact_search.hpp"
#include "splitlane/instance/instance_builder.hpp"

namespace splitlane::exact {

namespace {

Time largest_capacity(const fit::MemoryProblem& problem) {
  Time largest = 0;
  for (const HelperIndex helper : problem.helpers()) {
    largest = std::max<Time>(largest, problem.capacity(helper));
  }
  return largest;
}

// Durations of a whole instance must stay below 2^53.
bool is_in_range(const fit::MemoryProblem& problem, Time deadline) {
  const auto parts = static_cast<Time>(problem.place_count() + problem.helper_count() + 2);
  return deadline <= kLargestNumber / 4 / parts;
}

// The places of the clients become options, in the same order; one client more, alone, ends exactly at the deadline,
// so that no shorter makespan is looked for.
Instance as_durations(const fit::MemoryProblem& problem, Time deadline) {
  InstanceBuilder builder;
  for (const HelperIndex helper : problem.helpers()) {
    builder.add_helper({fmt::format("{}", helper.value()), std::nullopt, 0});
  }
  for (const fit::BoundClient client : problem.clients()) {
    builder.add_client(fmt::format("{}", client.value()));
    for (const fit::Place& place : problem.places(client)) {
      OptionSpec spec;
      spec.helper = place.helper;
      spec.forward = place.demand;
      spec.tail = deadline - problem.capacity(place.helper);
      builder.add_option(spec);
    }
  }
  builder.add_client("deadline");
  builder.add_local_option({deadline, 0, std::nullopt, std::nullopt});
  return builder.build();
}

}  // namespace

fit::ExactFit fit_exactly(const fit::MemoryProblem& problem, const fit::Packing& start, int rounds,
                          const StopCondition& stop) {
  fit::ExactFit result;
  const Time deadline = largest_capacity(problem);
  if (!is_in_range(problem, deadline)) return result;
  const Instance durations = as_durations(problem, deadline);
  Assignment choice;
  const auto first_option = [&](std::size_t client) { return durations.options(ClientIndex(client))[0].value(); };
  for (const fit::BoundClient client : problem.clients()) {
    choice.emplace_back(first_option(client.value()) + start[client]);
  }
  choice.emplace_back(first_option(problem.client_count()));
  SearchParameters parameters;
  parameters.effort = SearchEffort::turns(rounds);
  parameters.bound_enough = deadline + 1;
  parameters.stop = stop;
  const ExactResult found =
      search_exactly(durations, {schedule_assignment(durations, choice, schedule_fcfs, 1)}, parameters);
  if (found.lower_bound > deadline) {
    result.outcome = fit::ExactFit::Outcome::kRefuted;
  } else if (found.schedule.makespan <= deadline) {
    result.outcome = fit::ExactFit::Outcome::kFits;
    for (const fit::BoundClient client : problem.clients()) {
      result.packing.push_back(
          static_cast<std::uint32_t>(found.schedule.choice[client.value()].value() - first_option(client.value())));
    }
  }
  return result;
}

}  // namespace splitlane::exact
