#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "change_arguments.hpp"
#include "documents.hpp"
#include "numbers.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/analysis/run_what_if.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/what_if_json.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Change;
using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::Plan;

struct WhatIfArguments {
  std::string instance_path;
  std::string plan_path;  ///< empty = the instance is planned
  std::string output_path;
  std::string method{splitlane::methods().front().name};
  std::string faster = "25";
  PlanningArguments planning;
  ChangeArguments changes;
  bool non_preemptive = false;
  bool json = false;
  bool quiet = false;
};

std::int64_t faster_percent(const WhatIfArguments& arguments) {
  const auto percent = parse_number<std::int64_t>(arguments.faster);
  if (percent && *percent >= 1 && *percent <= splitlane::kMostPercent) return *percent;
  throw Error(ErrorCode::kUsage,
              {"--faster", "not a percentage", "\"" + arguments.faster + "\"", "an integer from 1 to 100"});
}

void require_sensible(const WhatIfArguments& arguments) {
  require_one_standard_input({{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}});
  if (arguments.output_path.empty()) return;
  if (!arguments.changes.any()) {
    throw Error(ErrorCode::kUsage, {"-o", "no changed instance to write", "", "a change, such as --add-helper ID"});
  }
  require_outputs({{"-o", arguments.output_path}},
                  {{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}});
}

// Refuses a plan that is not valid, and one whose bound is about other plans than those to be made.
Plan given_plan(const WhatIfArguments& arguments, const InstanceDocument& document) {
  splitlane::PlanDocument given = read_plan_document(arguments.plan_path, document.instance);
  std::vector<std::string> reasons = instance_mismatches(document, given);
  if (given.plan.preemptive == arguments.non_preemptive) {
    reasons.emplace_back(arguments.non_preemptive ? "made with preemption" : "made without preemption");
  }
  splitlane::require_valid_plan(
      document.instance, given.plan, std::move(reasons),
      {arguments.plan_path, "no plan to start from",
       arguments.non_preemptive ? "a valid plan of this instance, made with --non-preemptive"
                                : "a valid plan of this instance, made without --non-preemptive"});
  return std::move(given.plan);
}

splitlane::WhatIf run_trials(const WhatIfArguments& arguments, const InstanceDocument& document,
                             const std::vector<Change>& changes, std::int64_t percent) {
  splitlane::WhatIfRequest request;
  request.method = &splitlane::find_method(arguments.method);
  request.parameters = method_parameters(arguments.planning);
  request.parameters.preemptive = !arguments.non_preemptive;
  if (!request.parameters.time_limit_s) request.parameters.time_limit_s = splitlane::kWhatIfSeconds;
  request.changes = changes;
  request.faster_percent = percent;
  if (!arguments.plan_path.empty()) request.given = given_plan(arguments, document);
  const CancelOnSignal cancel;
  ProgressLine progress(!arguments.quiet);
  request.parameters.cancelled = cancel.flag();
  request.parameters.on_progress = progress.listener();
  return splitlane::run_what_if(document.instance, request);
}

int run_whatif(const WhatIfArguments& arguments) {
  const std::int64_t percent = faster_percent(arguments);
  splitlane::find_method(arguments.method);
  method_parameters(arguments.planning);
  require_sensible(arguments);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const std::vector<Change> changes = changes_of(arguments.changes, document.instance);
  if (!arguments.output_path.empty()) {
    write_document(arguments.output_path,
                   splitlane::write_instance(splitlane::changed_instance(document.instance, changes)));
  }
  const splitlane::WhatIf what_if = run_trials(arguments, document, changes, percent);
  write_standard_output(arguments.json ? splitlane::write_what_if(document.instance, what_if, document.sha256)
                                       : splitlane::what_if_table(document.instance, what_if));
  return 0;
}

}  // namespace

Verb add_whatif_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "whatif", "Plan an instance with changes: what would help first");
  const auto arguments = std::make_shared<WhatIfArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  verb->add_option("PLAN", arguments->plan_path,
                   "Plan of the instance as it is, a JSON file; - for standard input\n"
                   "(default: make one)");
  verb->add_option("--method", arguments->method, "How to plan (default: " + arguments->method + ")")
      ->option_text("NAME");
  add_planning_arguments(*verb, arguments->planning);
  verb->get_option("--time-limit")->description("Seconds for each plan (default: 2)");
  verb->add_flag("--non-preemptive", arguments->non_preemptive,
                 "Only plans whose tasks each run in one piece (default: off)");
  verb->add_option("--faster", arguments->faster, "How much faster \"faster\" is, 1 to 100 % (default: 25)")
      ->option_text("PERCENT");
  verb->add_flag("--json", arguments->json, "Write a JSON document instead of a table (default: off)");
  add_quiet_flag(*verb, arguments->quiet, "No progress on standard error");
  add_change_arguments(*verb, arguments->changes);
  verb->add_option("-o,--output", arguments->output_path, "File to write the changed instance to (default: none)")
      ->option_text("INSTANCE")
      ->group("One changed instance, put together from any of these");
  verb->footer(
      "Without a change of your own, changes of what binds the plan are tried one by one. Every row is planned\n"
      "anew, never estimated; shortened durations are rounded up. An instance does not tell transfers from work of\n"
      "the client, so a faster client means device and link together. Ctrl-C prints the rows so far.\n"
      "\nExample: splitlane whatif instance.json plan.json --add-helper h0 --faster-client c7=50");
  return {verb, [arguments] { return run_whatif(*arguments); }};
}
