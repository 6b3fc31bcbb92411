#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

struct PlanArguments {
  std::string instance_path;
  splitlane::Arguments options{splitlane::plan_options(), splitlane::Spelling::kCommandLine};
};

struct PlanPaths {
  explicit PlanPaths(const PlanArguments& arguments)
      : instance(arguments.instance_path),
        from(arguments.options.path("from")),
        output(arguments.options.path("output", "-")),
        certificate(arguments.options.path("certificate")) {}

  std::string instance;
  std::string from;  ///< empty = none
  std::string output;
  std::string certificate;  ///< empty = none is wanted
};

void require_paths(const PlanPaths& paths) {
  const std::vector<NamedPath> inputs = {{"INSTANCE", paths.instance}, {"--from", paths.from}};
  require_one_standard_input(inputs);
  if (paths.certificate == "-") {
    throw splitlane::Error(splitlane::ErrorCode::kUsage,
                           {"--certificate", "the certificate is a document of its own",
                            "\"" + paths.certificate + "\"", "a file that the plan is not written to"});
  }
  require_outputs({{"-o", paths.output}, {"--certificate", paths.certificate}}, inputs);
}

splitlane::PlanOutcome run_request(const splitlane::Instance& instance, const splitlane::PlanRequest& request,
                                   bool quiet) {
  const CancelOnSignal cancel;
  ProgressLine progress(!quiet);
  return splitlane::make_plan(instance, request, {cancel.flag(), progress.listener()});
}

int run_plan(const PlanArguments& arguments) {
  splitlane::PlanRequest request = splitlane::read_plan_request(arguments.options);
  const PlanPaths paths(arguments);
  require_paths(paths);
  const bool quiet = arguments.options.has("quiet");
  const InstanceDocument document = read_instance_document(paths.instance);
  if (request.from) request.from->choice = splitlane::read_starting_choice(paths.from, document.instance);
  splitlane::PlanOutcome outcome = run_request(document.instance, request, quiet);
  const std::string summary = quiet ? "" : splitlane::plan_summary(document.instance, outcome.plan);
  if (arguments.options.has("reproducible")) outcome.plan.origin.runtime_ms.reset();

  const std::string bytes = splitlane::write_plan(document.instance, outcome.plan, document.sha256);
  std::string proof;
  std::vector<splitlane::OutputFile> outputs{{paths.output, bytes}};
  if (outcome.certificate) {
    proof = splitlane::write_certificate(document.instance, *outcome.certificate, document.sha256);
    outputs.push_back({paths.certificate, proof});
  }
  write_documents(outputs);
  write_standard_error(summary);
  return 0;
}

}  // namespace

Verb add_plan_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "plan", "Make a plan for an instance");
  const auto arguments = std::make_shared<PlanArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_options(*verb, arguments->options);
  verb->footer(
      method_list() +
      "\nThe document goes to standard output or -o, the summary to standard error. Ctrl-C and the time limit\n"
      "return the best plan so far.\n"
      "\nExample: splitlane plan instance.json -o plan.json --method balanced-greedy --seed 7\n"
      "         splitlane plan today.json --from yesterday.plan.json --max-moves 20 -o today.plan.json");
  return {verb, [arguments] { return run_plan(*arguments); }};
}
