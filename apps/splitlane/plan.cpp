#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "replanning.hpp"
#include "splitlane/analysis/explanation.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/methods/run_method.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

constexpr std::string_view kReplanningMethod = "scale";

struct PlanArguments {
  std::string instance_path;
  std::string output_path = "-";
  std::optional<std::string> method;
  std::string certificate_path;  ///< empty = none is wanted
  PlanningArguments planning;
  ReplanningArguments replanning;
  AdmmArguments admm;
  bool non_preemptive = false;
  bool reproducible = false;
  bool quiet = false;
};

const splitlane::Method& chosen_method(const PlanArguments& arguments) {
  if (arguments.method) return splitlane::find_method(*arguments.method);
  if (!arguments.replanning.from_path.empty()) return splitlane::find_method(kReplanningMethod);
  return splitlane::methods().front();
}

splitlane::Plan make_plan(const PlanArguments& arguments, const splitlane::Method& method,
                          splitlane::MethodParameters parameters, const splitlane::Instance& instance) {
  const CancelOnSignal cancel;
  ProgressLine progress(!arguments.quiet);
  parameters.cancelled = cancel.flag();
  parameters.on_progress = progress.listener();
  splitlane::Plan plan = run_method(method, instance, parameters);
  plan.binding = splitlane::explain_bound(instance, plan);
  return plan;
}

void require_certificate_output(const PlanArguments& arguments, const splitlane::Method& method) {
  if (arguments.certificate_path.empty()) return;
  if (!method.can.certifies) {
    throw splitlane::Error(
        splitlane::ErrorCode::kUsage,
        {"--certificate", fmt::format("method {} proves its bound without a certificate", method.name), "",
         "another --method, or no certificate"});
  }
  if (arguments.certificate_path == "-") {
    throw splitlane::Error(splitlane::ErrorCode::kUsage,
                           {"--certificate", "the certificate is a document of its own",
                            "\"" + arguments.certificate_path + "\"", "a file that the plan is not written to"});
  }
}

int run_plan(const PlanArguments& arguments) {
  const splitlane::Method& method = chosen_method(arguments);
  splitlane::MethodParameters parameters = method_parameters(arguments.planning);
  parameters.preemptive = !arguments.non_preemptive;
  parameters.admm = admm_parameters(arguments.admm);
  // The proof says what binds the optimum, whether or not it is written out.
  parameters.certificate = true;
  const bool writes_certificate = !arguments.certificate_path.empty();
  parameters.whole_proof = writes_certificate;
  set_replanning(arguments.replanning, method, parameters);
  require_one_standard_input({{"INSTANCE", arguments.instance_path}, {"--from", arguments.replanning.from_path}});
  require_certificate_output(arguments, method);
  require_outputs({{"-o", arguments.output_path}, {"--certificate", arguments.certificate_path}},
                  {{"INSTANCE", arguments.instance_path}, {"--from", arguments.replanning.from_path}});

  const InstanceDocument document = read_instance_document(arguments.instance_path);
  read_start(arguments.replanning, document.instance, parameters);
  splitlane::Plan plan = make_plan(arguments, method, parameters, document.instance);
  const std::string summary = arguments.quiet ? "" : splitlane::plan_summary(document.instance, plan);
  if (arguments.reproducible) plan.runtime_ms.reset();

  const std::string bytes = splitlane::write_plan(document.instance, plan, document.sha256);
  std::string proof;
  std::vector<splitlane::OutputFile> outputs{{arguments.output_path, bytes}};
  if (writes_certificate) {
    proof = splitlane::write_certificate(document.instance, *plan.certificate, document.sha256);
    outputs.push_back({arguments.certificate_path, proof});
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
  verb->add_option("-o,--output", arguments->output_path, "File to write the plan to (default: standard output)")
      ->option_text("PLAN");
  verb->add_option("--method", arguments->method,
                   "How to plan, one of those below (default: " + std::string(splitlane::methods().front().name) + ")")
      ->option_text("NAME");
  add_planning_arguments(*verb, arguments->planning);
  add_replanning_arguments(*verb, arguments->replanning);
  add_admm_arguments(*verb, arguments->admm);
  verb->add_option("--certificate", arguments->certificate_path,
                   "File to write the proof of the lower bound to, for `splitlane verify`; not every\n"
                   "method has one (default: none)")
      ->option_text("FILE");
  verb->add_flag("--non-preemptive", arguments->non_preemptive,
                 "Only plans whose tasks each run in one piece (default: off)");
  verb->add_flag("--reproducible", arguments->reproducible,
                 "Leave runtime_ms out of the document, so that the same input\n"
                 "and seed give the same bytes (default: off)");
  add_quiet_flag(*verb, arguments->quiet, "No summary and no progress on standard error");
  verb->footer(
      method_list() +
      "\nThe document goes to standard output or -o, the summary to standard error. Ctrl-C and the time limit\n"
      "return the best plan so far.\n"
      "\nExample: splitlane plan instance.json -o plan.json --method balanced-greedy --seed 7\n"
      "         splitlane plan today.json --from yesterday.plan.json --max-moves 20 -o today.plan.json");
  return {verb, [arguments] { return run_plan(*arguments); }};
}
