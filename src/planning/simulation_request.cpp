#include "splitlane/planning/simulation_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/half_of_time.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/ids.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/round/round.hpp"
#include "splitlane/round/run_round.hpp"

namespace splitlane {

namespace {

constexpr double kShortest = 1e-3;  // seconds, since a limit must be above 0

Plan plan_until(const StopCondition& stop, const Instance& instance, PlanRequest request) {
  request.proof = Proof::kNone;
  request.run.threads = 1;  // the executions themselves run side by side
  if (const std::optional<double> left = stop.seconds_left()) request.run.time_limit_s = std::max(*left, kShortest);
  return make_plan(instance, request, {stop.cancelled(), {}}).plan;
}

Replanner planner_of_rest(const SimulationParameters& parameters, std::size_t max_moves) {
  PlanRequest request;
  request.non_preemptive = !parameters.preemptive;
  request.keep_assignment = max_moves == 0;
  if (max_moves > 0) request.max_moves = max_moves;
  return [stop = parameters.stop, request](const RemainingWork& work) {
    PlanRequest rest = request;
    rest.from = StartingPlan{work.current};
    return followed(work.instance,
                    round_in_order(work.instance, plan_until(stop, work.instance, rest).schedule, work.batches));
  };
}

decltype(SimulationParameters::known) planner_of_true_times(const SimulationParameters& parameters) {
  PlanRequest request;
  request.non_preemptive = !parameters.preemptive;
  return [stop = parameters.stop, request](const Instance& true_times) {
    return plan_until(stop, true_times, request).schedule.makespan;
  };
}

FollowedPlan plan_to_follow(const Instance& instance, const Plan& plan, const SimulationRequest& request,
                            const StopCondition& stop) {
  if (!request.batches) return followed(instance, plan.schedule);
  RoundParameters round;
  round.threads = request.parameters.threads;
  round.cancelled = request.cancelled;
  // The other half is for executing what is planned.
  round.time_limit_s = half_of(stop).seconds_left();
  return followed(instance, run_round(instance, plan, *request.batches, round));
}

const Option& simulation_option(std::string_view name) { return option_named(simulation_options(), name); }

// The client with this id, else the helper.
Node node_named(const std::string& where, std::string_view id, const Instance& instance) {
  if (const auto client = Ids::of_clients(instance).find(id)) return {ClientIndex(*client), HelperIndex::none()};
  if (const auto helper = Ids::of_helpers(instance).find(id)) return {ClientIndex::none(), HelperIndex(*helper)};
  throw Error(ErrorCode::kUsage,
              {where, "no client and no helper has this id", fmt::format("\"{}\"", id), "an id of the instance"});
}

// Adds what is said of a client or helper, each of which is named once at most.
template <class Said, class Number>
void add_node(const Arguments& arguments, std::string_view name, std::string_view id, Number number,
              const Instance& instance, std::vector<Said>& said) {
  const std::string where = option_name(simulation_option(name), arguments.spelling());
  const Node node = node_named(where, id, instance);
  if (std::any_of(said.begin(), said.end(), [&](const Said& other) { return other.node == node; })) {
    refuse_repeated(where, id, arguments.spelling());
  }
  said.push_back({node, number});
}

template <class Said>
void add_nodes(const Arguments& arguments, std::string_view name, const Instance& instance, std::vector<Said>& said) {
  for (const std::string& text : arguments.texts(name)) {
    const auto [id, number] = parse_id_and_number(simulation_option(name), text, arguments.spelling());
    add_node(arguments, name, id, number, instance, said);
  }
}

// "COUNT=FACTOR".
RandomStragglers random_stragglers_of(const Arguments& arguments) {
  if (arguments.texts("random-stragglers").empty()) return {};
  const Option& option = simulation_option("random-stragglers");
  const std::string text = arguments.text("random-stragglers");
  const std::string where = option_name(option, arguments.spelling());
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw Error(ErrorCode::kUsage,
                {where, "not a number of clients and a factor", fmt::format("\"{}\"", text), std::string(option.form)});
  }
  return {
      static_cast<std::size_t>(parse_integer(where, text.substr(0, equals), 1, kLargestNumber, arguments.spelling())),
      parse_number_within(where, text.substr(equals + 1), kLeastStraggling, kMostStraggling, arguments.spelling())};
}

void require_sensible(const SimulationRequest& request) {
  const auto refuse = [&](std::string_view name, const char* what, std::string expected) {
    throw Error(ErrorCode::kUsage,
                {option_name(simulation_option(name), request.spelling), what, "", std::move(expected)});
  };
  const bool plans_again = request.replan || request.replan_every > 0;
  if (!plans_again && (request.max_moves > 0 || request.planning_time > 0)) {
    refuse(request.max_moves > 0 ? "max-moves" : "planning-time", "nothing is planned again",
           fmt::format("{} or {} beside it", option_use(simulation_option("replan"), "", request.spelling),
                       option_use(simulation_option("replan-every"), "TIME", request.spelling)));
  }
  const auto is_one = [](auto count) { return count == 1; };
  if (request.regret && request.batches && !std::all_of(request.batches->begin(), request.batches->end(), is_one)) {
    refuse("regret", "only known for one batch a client", "one batch a client");
  }
}

}  // namespace

SimulationRequest read_simulation_request(const Arguments& arguments) {
  SimulationRequest request;
  SimulationParameters& parameters = request.parameters;
  const RunSettings run = read_run_settings(arguments);
  parameters.seed = run.seed;
  parameters.threads = run.threads;
  request.time_limit_s = run.time_limit_s;
  parameters.executions = static_cast<std::size_t>(arguments.integer("executions").value());
  const std::vector<std::size_t> rules = arguments.words("rules");
  if (!rules.empty()) parameters.rules.clear();
  for (const std::size_t rule : rules) parameters.rules.push_back(static_cast<ExecutionRule>(rule));
  parameters.noise = {arguments.number("noise").value(), arguments.number("device-noise").value(),
                      arguments.number("drift").value()};
  parameters.layers = arguments.integer("layers").value();
  parameters.random_stragglers = random_stragglers_of(arguments);
  request.replan = arguments.has("replan");
  request.max_moves = static_cast<std::size_t>(arguments.integer("max-moves").value());
  request.regret = arguments.has("regret");
  for (const std::int64_t percentile : arguments.integers("slack")) {
    request.slack.push_back(static_cast<int>(percentile));
  }
  request.spelling = arguments.spelling();
  return request;
}

void read_what_instance_says(const Arguments& arguments, const Instance& instance, SimulationRequest& request) {
  SimulationParameters& parameters = request.parameters;
  add_nodes(arguments, "noisy", instance, parameters.noisy);
  add_nodes(arguments, "straggler", instance, parameters.stragglers);
  // The latest instant of a simulation is 2^53 microseconds.
  const Time latest = kLargestNumber / microseconds_per_unit(instance);
  for (const std::string& text : arguments.texts("lose")) {
    const auto [id, time] = parse_id_and_integer(simulation_option("lose"), text, latest, arguments.spelling());
    add_node(arguments, "lose", id, time, instance, parameters.losses);
  }
  request.replan_every = arguments.integer("replan-every", latest).value();
  request.planning_time = arguments.integer("planning-time", latest).value();
}

PreparedSimulation prepared(const Instance& instance, const Plan& plan, const SimulationRequest& request) {
  require_sensible(request);
  PreparedSimulation result{{}, request.parameters};
  SimulationParameters& parameters = result.parameters;
  parameters.stop = {request.time_limit_s, request.cancelled};
  parameters.preemptive = plan.origin.preemptive;
  parameters.planning_us = request.planning_time * microseconds_per_unit(instance);
  parameters.replan_every = request.replan_every;
  if (request.replan || request.replan_every > 0) parameters.replan = planner_of_rest(parameters, request.max_moves);
  if (request.regret) parameters.known = planner_of_true_times(parameters);
  result.plan = plan_to_follow(instance, plan, request, parameters.stop);
  for (const int percentile : request.slack) {
    const Instance slow = instance_at_percentile(instance, parameters, percentile);
    PlanRequest with_slack;
    with_slack.non_preemptive = !parameters.preemptive;
    const Plan made = plan_until(half_of(parameters.stop), slow, with_slack);
    parameters.slack.push_back({percentile, plan_to_follow(slow, made, request, parameters.stop)});
  }
  return result;
}

void require_executions(const Simulation& simulation) {
  if (!simulation.done.empty()) return;
  throw Error(ErrorCode::kNoneFound,
              {"executions", "none was finished in time", fmt::format("0 of {}", simulation.executions), "more time"});
}

}  // namespace splitlane
