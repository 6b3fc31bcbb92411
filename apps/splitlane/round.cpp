#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/planning/given_plan.hpp"
#include "splitlane/planning/round_request.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Plan;
using splitlane::Round;

struct RoundArguments {
  std::string instance_path;
  std::string plan_path;
  splitlane::Arguments options{splitlane::round_options(), splitlane::Spelling::kCommandLine};

  std::string batches_path() const { return options.path("batches"); }
  std::string output_path() const { return options.path("output"); }
};

void require_paths(const RoundArguments& arguments) {
  const std::vector<NamedPath> inputs = {
      {"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}, {"--batches", arguments.batches_path()}};
  require_one_standard_input(inputs);
  require_outputs({{"-o", arguments.output_path()}}, inputs);
}

Plan valid_plan(const RoundArguments& arguments, const InstanceDocument& document) {
  splitlane::PlanDocument given = read_plan_document(arguments.plan_path, document.instance);
  std::vector<std::string> mismatches = instance_mismatches(document, given);
  return splitlane::plan_for_round(document.instance,
                                   {std::move(given.plan), std::move(mismatches), arguments.plan_path});
}

int run_round(const RoundArguments& arguments) {
  splitlane::RoundRequest request = splitlane::read_round_request(arguments.options);
  require_paths(arguments);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  request.plan = valid_plan(arguments, document);
  request.batches = read_batches(arguments.batches_path(), document.instance);
  const bool quiet = arguments.options.has("quiet");
  const Round round = [&] {
    const CancelOnSignal cancel;
    ProgressLine progress(!quiet);
    return in_file(arguments.batches_path(), [&] {
      return splitlane::make_round(document.instance, request, {cancel.flag(), progress.listener()});
    });
  }();
  if (!arguments.output_path().empty()) {
    write_document(arguments.output_path(), splitlane::write_round(document.instance, round, document.sha256));
  }
  if (!quiet) write_standard_output(splitlane::round_summary(document.instance, round));
  return 0;
}

}  // namespace

Verb add_round_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "round", "Make a round of many batches from the plan of one");
  const auto arguments = std::make_shared<RoundArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  add_options(*verb, arguments->options);
  verb->footer(
      "The summary goes to standard output, times in the instance's time unit: a line for every way that was tried,\n"
      "with its gap to the lower bound of all rounds, the difference to the barrier, and the bound of its assignment.\n"
      "A client keeps its option for the whole round. The number of batches costs no time with a barrier; without one\n"
      "every segment is listed, for at most 1000000 batches of all clients together. Ctrl-C keeps the best round;\n"
      "where none was made and checked by then, or by the time limit, the exit code is 4.\n"
      "\nExample: splitlane round instance.json plan.json --batches batches.json -o round.json");
  return {verb, [arguments] { return run_round(*arguments); }};
}
