#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "numbers.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/trace_json.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/planning/simulation_request.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::ExecutionRule;
using splitlane::Instance;
using splitlane::Node;
using splitlane::SimulationParameters;
using splitlane::SimulationRequest;

struct SimulateArguments {
  std::string instance_path, plan_path, batches_path, output_path;
  std::string executions = "1000", noise = "0", device_noise = "0", drift = "0", layers = "0", planning_time = "0";
  std::string random_stragglers, replan_every = "0", max_moves = "0";
  std::vector<std::string> rules, noisy, stragglers, losses, slack;
  splitlane::Arguments planning{splitlane::simulation_planning_options(), splitlane::Spelling::kCommandLine};
  bool replan = false;
  bool regret = false;
  bool quiet = false;
};

template <class Number>
Number number_in(const char* option, const std::string& text, Number lowest, Number highest) {
  const std::optional<Number> number = parse_number<Number>(text);
  if (number && *number >= lowest && *number <= highest) return *number;
  throw Error(ErrorCode::kUsage, {option, "not a number in range", "\"" + text + "\"",
                                  fmt::format("a number from {} to {}", lowest, highest)});
}

std::vector<ExecutionRule> rules_of(const SimulateArguments& arguments) {
  if (arguments.rules.empty()) return SimulationParameters().rules;
  std::vector<ExecutionRule> rules;
  for (const std::string& name : arguments.rules) {
    rules.push_back(
        static_cast<ExecutionRule>(splitlane::position_of_name("--rules", name, splitlane::kExecutionRuleNames)));
  }
  return rules;
}

// What stands before and behind the last `sign`: an id, for one, may itself have such signs.
std::pair<std::string, std::string> halves(const char* option, const std::string& text, char sign, const char* what,
                                           const char* expected) {
  const std::size_t place = text.rfind(sign);
  if (place != std::string::npos) return {text.substr(0, place), text.substr(place + 1)};
  throw Error(ErrorCode::kUsage, {option, what, "\"" + text + "\"", expected});
}

// "ID=NUMBER" or "ID@NUMBER".
template <class Number>
std::pair<Node, Number> node_and_number(const char* option, const std::string& text, char sign, Number lowest,
                                        Number highest, const Instance& instance) {
  const auto [id, number] =
      halves(option, text, sign, "not an id and a number", sign == '=' ? "ID=NUMBER" : "ID@NUMBER");
  return {splitlane::node_named(option, id, instance), number_in<Number>(option, number, lowest, highest)};
}

// "COUNT=FACTOR".
splitlane::RandomStragglers random_stragglers_of(const std::string& text) {
  if (text.empty()) return {};
  const char* const option = "--random-stragglers";
  const auto [count, factor] = halves(option, text, '=', "not a number of clients and a factor", "COUNT=FACTOR");
  return {static_cast<std::size_t>(number_in<std::int64_t>(option, count, 1, splitlane::kLargestNumber)),
          number_in<double>(option, factor, splitlane::kLeastStraggling, splitlane::kMostStraggling)};
}

SimulationRequest request_of(const SimulateArguments& arguments) {
  SimulationRequest request;
  SimulationParameters& parameters = request.parameters;
  parameters.rules = rules_of(arguments);
  parameters.executions = static_cast<std::size_t>(
      number_in<std::int64_t>("--executions", arguments.executions, 1, splitlane::kMostExecutions));
  parameters.noise = {number_in("--noise", arguments.noise, 0.0, splitlane::kMostNoise),
                      number_in("--device-noise", arguments.device_noise, 0.0, splitlane::kMostNoise),
                      number_in("--drift", arguments.drift, 0.0, splitlane::kMostNoise)};
  parameters.layers = number_in<std::int64_t>("--layers", arguments.layers, 0, splitlane::kMostLayers);
  parameters.random_stragglers = random_stragglers_of(arguments.random_stragglers);
  const splitlane::RunSettings planning = read_run_settings(arguments.planning);
  parameters.seed = planning.seed;
  parameters.threads = planning.threads;
  request.replan = arguments.replan;
  request.max_moves = static_cast<std::size_t>(
      number_in<std::int64_t>("--max-moves", arguments.max_moves, 0, splitlane::kLargestNumber));
  request.regret = arguments.regret;
  for (const std::string& text : arguments.slack) request.slack.push_back(number_in<int>("--slack", text, 1, 99));
  request.time_limit_s = planning.time_limit_s;
  return request;
}

// What is said in the instance's ids and unit.
void add_what_instance_says(const SimulateArguments& arguments, const Instance& instance, SimulationRequest& request) {
  SimulationParameters& parameters = request.parameters;
  const splitlane::Time latest = splitlane::latest_simulated(instance);
  for (const std::string& text : arguments.noisy) {
    const auto [node, deviation] = node_and_number<double>("--noisy", text, '=', 0.0, splitlane::kMostNoise, instance);
    parameters.noisy.push_back({node, deviation});
  }
  for (const std::string& text : arguments.stragglers) {
    const auto [node, factor] = node_and_number<double>("--straggler", text, '=', splitlane::kLeastStraggling,
                                                        splitlane::kMostStraggling, instance);
    parameters.stragglers.push_back({node, factor});
  }
  for (const std::string& text : arguments.losses) {
    const auto [node, time] = node_and_number<splitlane::Time>("--lose", text, '@', 0, latest, instance);
    parameters.losses.push_back({node, time});
  }
  request.replan_every = number_in<splitlane::Time>("--replan-every", arguments.replan_every, 0, latest);
  request.planning_time = number_in<splitlane::Time>("--planning-time", arguments.planning_time, 0, latest);
}

// A round may have been given another assignment than the plan's, so its trace does not claim to follow the plan's
// file.
std::string first_trace(const InstanceDocument& document, const splitlane::PlanDocument& given,
                        const splitlane::PreparedSimulation& prepared, const SimulationRequest& request) {
  const splitlane::Trace trace =
      simulated_trace(document.instance, prepared.plan, prepared.parameters, prepared.parameters.rules.front(), 0);
  const std::string plan_sha256 = request.batches ? std::string() : given.sha256;
  return splitlane::write_trace(document.instance, trace, document.sha256, plan_sha256);
}

int run_simulate(const SimulateArguments& arguments) {
  SimulationRequest request = request_of(arguments);
  std::vector<NamedPath> inputs = {{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}};
  if (!arguments.batches_path.empty()) inputs.push_back({"--batches", arguments.batches_path});
  require_one_standard_input(inputs);
  if (!arguments.output_path.empty()) require_outputs({{"-o", arguments.output_path}}, inputs);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const Instance& instance = document.instance;
  const splitlane::PlanDocument given = read_plan_document(arguments.plan_path, instance);
  splitlane::require_valid_plan(instance, given.plan, instance_mismatches(document, given),
                                {arguments.plan_path, "no plan to follow", "a valid plan of this instance"});
  add_what_instance_says(arguments, instance, request);
  if (!arguments.batches_path.empty()) request.batches = splitlane::read_batches(arguments.batches_path, instance);
  const CancelOnSignal cancel;
  request.cancelled = cancel.flag();
  splitlane::PreparedSimulation prepared = splitlane::prepared(instance, given.plan, request);
  SimulationParameters& parameters = prepared.parameters;
  std::optional<std::string> trace;  // made first, since it must be finished in time too
  if (!arguments.output_path.empty()) trace = first_trace(document, given, prepared, request);
  const splitlane::Simulation simulation = [&] {
    ProgressLine progress(!arguments.quiet);
    parameters.on_progress = [&progress](std::size_t done, std::size_t total) {
      progress.show_count(done, total, "executions");
    };
    return splitlane::simulate(instance, prepared.plan, parameters);
  }();
  splitlane::require_executions(simulation);
  if (trace) write_document(arguments.output_path, *trace);
  if (!arguments.quiet) write_standard_output(splitlane::simulation_table(instance, simulation));
  return 0;
}

// An option that may be given once, or as often as its values are a list.
template <class Value>
CLI::Option* add_one(CLI::App& verb, const char* name, Value& value, const char* form, const char* description) {
  return verb.add_option(name, value, description)->allow_extra_args(false)->option_text(form);
}

void add_what_differs(CLI::App& verb, SimulateArguments& arguments) {
  add_one(verb, "--noise", arguments.noise, "SIGMA",
          "Standard deviation of the logarithm of each duration's factor, 0 to 3;\n"
          "the factors have mean 1 (default: 0)");
  add_one(verb, "--device-noise", arguments.device_noise, "SIGMA",
          "The same of each client and helper, one factor an execution (default: 0)");
  add_one(verb, "--noisy", arguments.noisy, "ID=SIGMA",
          "The same of this client or helper, instead of --device-noise; repeatable (default: none)");
  add_one(verb, "--drift", arguments.drift, "SIGMA",
          "The same of how each has changed by the planned makespan (default: 0)");
  add_one(verb, "--layers", arguments.layers, "COUNT",
          "Equal layers of a task, between which alone it is paused, up to 1000;\n0: anywhere (default: 0)");
  add_one(verb, "--straggler", arguments.stragglers, "ID=FACTOR",
          "This client or helper takes FACTOR times as long, 0.001 to 1000; repeatable (default: none)");
  add_one(verb, "--random-stragglers", arguments.random_stragglers, "COUNT=FACTOR",
          "So many clients, drawn anew for each execution, take FACTOR times as long (default: none)");
  add_one(verb, "--lose", arguments.losses, "ID@TIME",
          "This client or helper is gone from TIME on, in the instance's unit; repeatable (default: none)");
}

void add_other_plans(CLI::App& verb, SimulateArguments& arguments) {
  verb.add_flag("--replan", arguments.replan, "After a lost helper plan again, by method scale (default: off)");
  add_one(verb, "--replan-every", arguments.replan_every, "TIME",
          "Plan again, with the speeds seen so far, at each multiple of TIME at which a\n"
          "task was late, in the instance's unit; 0: only after losses (default: 0)");
  add_one(verb, "--max-moves", arguments.max_moves, "COUNT",
          "Planning again may move so many clients off helpers that are not lost; a client\n"
          "that moves begins its batch again (default: 0)");
  add_one(verb, "--planning-time", arguments.planning_time, "TIME",
          "From a loss until the new plan is in force, in the instance's unit (default: 0)");
  names_a_file(add_one(verb, "--batches", arguments.batches_path, "FILE",
                       "Follow the best round of so many batches each client instead (default: one batch)"));
  verb.add_flag("--regret", arguments.regret,
                "Also plan each execution by method auto with its true times known beforehand,\n"
                "and without what is lost (default: off)");
  add_one(verb, "--slack", arguments.slack, "LIST",
          "Also follow plans that method auto makes for these percentiles of the durations,\n"
          "1 to 99, separated by commas (default: none)")
      ->delimiter(',');
}

}  // namespace

Verb add_simulate_verb(CLI::App& application) {
  CLI::App* verb =
      add_verb(application, "simulate", "Execute a plan many times with times that differ from planned ones");
  const auto arguments = std::make_shared<SimulateArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  add_one(*verb, "--executions", arguments->executions, "COUNT", "How many executions, 1 to 1000000 (default: 1000)");
  add_one(*verb, "--rules", arguments->rules, "LIST",
          "Which rules, separated by commas: planned, first-come, longest-tail,\nlongest-path (default: all)")
      ->delimiter(',');
  add_what_differs(*verb, *arguments);
  add_other_plans(*verb, *arguments);
  add_options(*verb, arguments->planning);
  names_a_file(add_one(*verb, "-o,--output", arguments->output_path, "TRACE",
                       "File to write the trace of the first execution under the first rule to (default: none)"));
  add_quiet_flag(*verb, arguments->quiet, "No table");
  verb->footer(
      "Makespans are in the instance's time unit. within: executions that end no later than planned, no client lost;\n"
      "ratio: mean over the makespan of PLAN; latest: by how much some task ended after its planned end at most; "
      "lost:\n"
      "clients that did not finish, moved: clients that planning again moved, both on average; regret: mean of\n"
      "makespan over the one that planning with the true times gives, minus 1. Ctrl-C shows what is done;\n"
      "where nothing is, the exit code is 4.\n"
      "\nExample: splitlane simulate instance.json plan.json --noise 0.1 --layers 20 --lose h3@500 --replan");
  return {verb, [arguments] { return run_simulate(*arguments); }};
}
