#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/io/trace_json.hpp"
#include "splitlane/planning/simulation_request.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Instance;
using splitlane::SimulationRequest;

struct SimulateArguments {
  std::string instance_path;
  std::string plan_path;
  splitlane::Arguments options{splitlane::simulation_options(), splitlane::Spelling::kCommandLine};
};

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
  SimulationRequest request = splitlane::read_simulation_request(arguments.options);
  const std::string output_path = arguments.options.path("output");
  const std::string batches_path = arguments.options.path("batches");
  const std::vector<NamedPath> inputs = {
      {"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}, {"--batches", batches_path}};
  require_one_standard_input(inputs);
  require_outputs({{"-o", output_path}}, inputs);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const Instance& instance = document.instance;
  const splitlane::PlanDocument given = read_plan_document(arguments.plan_path, instance);
  splitlane::require_valid_plan(instance, given.plan, instance_mismatches(document, given),
                                {arguments.plan_path, "no plan to follow", "a valid plan of this instance"});
  splitlane::read_what_instance_says(arguments.options, instance, request);
  if (!batches_path.empty()) request.batches = splitlane::read_batches(batches_path, instance);
  const CancelOnSignal cancel;
  request.cancelled = cancel.flag();
  splitlane::PreparedSimulation prepared = splitlane::prepared(instance, given.plan, request);
  splitlane::SimulationParameters& parameters = prepared.parameters;
  const bool quiet = arguments.options.has("quiet");
  std::optional<std::string> trace;  // made first, since it must be finished in time too
  if (!output_path.empty()) trace = first_trace(document, given, prepared, request);
  const splitlane::Simulation simulation = [&] {
    ProgressLine progress(!quiet);
    parameters.on_progress = [&progress](std::size_t done, std::size_t total) {
      progress.show_count(done, total, "executions");
    };
    return splitlane::simulate(instance, prepared.plan, parameters);
  }();
  splitlane::require_executions(simulation);
  if (trace) write_document(output_path, *trace);
  if (!quiet) write_standard_output(splitlane::simulation_table(instance, simulation));
  return 0;
}

}  // namespace

Verb add_simulate_verb(CLI::App& application) {
  CLI::App* verb =
      add_verb(application, "simulate", "Execute a plan many times with times that differ from planned ones");
  const auto arguments = std::make_shared<SimulateArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  add_options(*verb, arguments->options);
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
