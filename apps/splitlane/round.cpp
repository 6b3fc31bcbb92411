#include "splitlane/round/round.hpp"

#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/report/report.hpp"
#include "splitlane/round/run_round.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Plan;
using splitlane::Round;
using splitlane::RoundParameters;

struct RoundArguments {
  std::string instance_path;
  std::string plan_path;
  std::string batches_path;
  std::string output_path;
  std::string ways{splitlane::kRoundWaysNames.back()};
  PlanningArguments planning;
  bool quiet = false;
};

void require_paths(const RoundArguments& arguments) {
  const std::vector<NamedPath> inputs = {
      {"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}, {"--batches", arguments.batches_path}};
  require_one_standard_input(inputs);
  require_outputs({{"-o", arguments.output_path}}, inputs);
}

Plan valid_plan(const RoundArguments& arguments, const InstanceDocument& document) {
  const splitlane::PlanDocument given = read_plan_document(arguments.plan_path, document.instance);
  splitlane::require_valid_plan(document.instance, given.plan, instance_mismatches(document, given),
                                {arguments.plan_path, "no plan to make a round of", "a valid plan of this instance"});
  return given.plan;
}

int run_round(const RoundArguments& arguments) {
  RoundParameters parameters;
  parameters.ways = static_cast<splitlane::RoundWays>(
      splitlane::position_of_name("--way", arguments.ways, splitlane::kRoundWaysNames));
  const splitlane::MethodParameters planning = method_parameters(arguments.planning);
  parameters.time_limit_s = planning.time_limit_s;
  parameters.threads = planning.threads;
  parameters.is_written = !arguments.output_path.empty();
  require_paths(arguments);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const Plan plan = valid_plan(arguments, document);
  const splitlane::BatchCounts batches = read_batches(arguments.batches_path, document.instance);
  const Round round = [&] {
    const CancelOnSignal cancel;
    ProgressLine progress(!arguments.quiet);
    parameters.cancelled = cancel.flag();
    parameters.on_progress = progress.listener();
    return in_file(arguments.batches_path,
                   [&] { return splitlane::run_round(document.instance, plan, batches, parameters); });
  }();
  if (!arguments.output_path.empty()) {
    write_document(arguments.output_path, splitlane::write_round(document.instance, round, document.sha256));
  }
  if (!arguments.quiet) write_standard_output(splitlane::round_summary(document.instance, round));
  return 0;
}

}  // namespace

Verb add_round_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "round", "Make a round of many batches from the plan of one");
  const auto arguments = std::make_shared<RoundArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  verb->add_option("--batches", arguments->batches_path,
                   "How many batches each client trains, a JSON file; - for standard input")
      ->required()
      ->option_text("FILE (required)");
  verb->add_option("--way", arguments->ways,
                   "barrier: a batch starts when all clients have completed the one before, as in\n"
                   "the paper; pipelined: no barrier; best: the shortest of all (default: best)")
      ->option_text("WAY");
  verb->add_option("--time-limit", arguments->planning.time_limit,
                   "Seconds for making and checking rounds, bound, assignment and, with -o, writing;\n"
                   "reading is left out (default: the method's own end)")
      ->option_text("SECONDS");
  verb->add_option("--threads", arguments->planning.threads,
                   "Threads, 1 to 1024; they never change the round (default: one per processor)")
      ->option_text("COUNT");
  verb->add_option("-o,--output", arguments->output_path, "File to write the round to (default: none)")
      ->option_text("ROUND");
  add_quiet_flag(*verb, arguments->quiet, "No summary and no progress");
  verb->footer(
      "The summary goes to standard output, times in the instance's time unit: a line for every way that was tried,\n"
      "with its gap to the lower bound of all rounds, the difference to the barrier, and the bound of its assignment.\n"
      "A client keeps its option for the whole round. The number of batches costs no time with a barrier; without one\n"
      "every segment is listed, for at most 1000000 batches of all clients together. Ctrl-C keeps the best round;\n"
      "where none was made and checked by then, or by the time limit, the exit code is 4.\n"
      "\nExample: splitlane round instance.json plan.json --batches batches.json -o round.json");
  return {verb, [arguments] { return run_round(*arguments); }};
}
