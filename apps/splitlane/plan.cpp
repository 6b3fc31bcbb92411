#include <memory>
#include <string>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "planning.hpp"
#include "progress_line.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/methods/explanation.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

struct PlanArguments {
  std::string instance_path;
  std::string output_path = "-";
  std::string method{splitlane::methods().front().name};
  PlanningArguments planning;
  bool reproducible = false;
  bool quiet = false;
};

splitlane::Plan make_plan(const PlanArguments& arguments, const splitlane::Method& method,
                          splitlane::MethodParameters parameters, const splitlane::Instance& instance) {
  const CancelOnSignal cancel;
  ProgressLine progress(!arguments.quiet);
  parameters.cancelled = cancel.flag();
  parameters.on_progress = progress.listener();
  // The proof says what binds the optimum, whether or not it is written out.
  parameters.certificate = true;
  splitlane::Plan plan = run_method(method, instance, parameters);
  plan.binding = splitlane::explain_bound(instance, plan);
  return plan;
}

int run_plan(const PlanArguments& arguments) {
  const splitlane::Method& method = splitlane::find_method(arguments.method);
  const splitlane::MethodParameters parameters = method_parameters(arguments.planning);
  const bool to_standard_output = arguments.output_path == "-";
  if (!to_standard_output) require_output(arguments.output_path, arguments.instance_path);

  const InstanceDocument document = read_instance_document(arguments.instance_path);
  splitlane::Plan plan = make_plan(arguments, method, parameters, document.instance);
  const std::string summary = arguments.quiet ? "" : splitlane::plan_summary(document.instance, plan);
  if (arguments.reproducible) plan.runtime_ms.reset();

  const std::string bytes = splitlane::write_plan(document.instance, plan, document.sha256);
  if (to_standard_output) {
    write_standard_output(bytes);
  } else {
    splitlane::write_file_atomically(arguments.output_path, bytes);
  }
  write_standard_error(summary);
  return 0;
}

}  // namespace

Verb add_plan_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "plan", "Make a plan for an instance");
  const auto arguments = std::make_shared<PlanArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  verb->add_option("-o,--output", arguments->output_path, "File to write the plan to (default: standard output)")
      ->option_text("PLAN");
  verb->add_option("--method", arguments->method,
                   "How to plan, one of those below (default: " + arguments->method + ")")
      ->option_text("NAME");
  add_planning_arguments(*verb, arguments->planning);
  verb->add_flag("--reproducible", arguments->reproducible,
                 "Leave runtime_ms out of the document, so that the same input\n"
                 "and seed give the same bytes (default: off)");
  add_quiet_flag(*verb, arguments->quiet, "No summary and no progress on standard error");
  verb->footer(
      method_list() +
      "\nThe document goes to standard output or -o, the summary to standard error. Ctrl-C and the time limit\n"
      "return the best plan so far.\n"
      "\nExample: splitlane plan instance.json -o plan.json --method balanced-greedy --seed 7");
  return {verb, [arguments] { return run_plan(*arguments); }};
}
