#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/io/what_if_json.hpp"
#include "splitlane/planning/given_plan.hpp"
#include "splitlane/planning/what_if_request.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

struct WhatIfArguments {
  std::string instance_path;
  std::string plan_path;  ///< empty = the instance is planned
  splitlane::Arguments options{splitlane::what_if_options(), splitlane::Spelling::kCommandLine};
};

void require_paths(const WhatIfArguments& arguments, const std::string& output_path) {
  const std::vector<NamedPath> inputs = {{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}};
  require_one_standard_input(inputs);
  if (output_path.empty()) return;
  if (!splitlane::has_changes(arguments.options)) {
    throw splitlane::Error(splitlane::ErrorCode::kUsage,
                           {"-o", "no changed instance to write", "", "a change, such as --add-helper ID"});
  }
  require_outputs({{"-o", output_path}}, inputs);
}

splitlane::Plan given_plan(const WhatIfArguments& arguments, const InstanceDocument& document, bool non_preemptive) {
  splitlane::PlanDocument given = read_plan_document(arguments.plan_path, document.instance);
  std::vector<std::string> mismatches = instance_mismatches(document, given);
  return splitlane::plan_for_what_if(document.instance,
                                     {std::move(given.plan), std::move(mismatches), arguments.plan_path},
                                     non_preemptive, arguments.options.spelling());
}

int run_whatif(const WhatIfArguments& arguments) {
  splitlane::WhatIfRequest request = splitlane::read_what_if_request(arguments.options);
  const std::string output_path = arguments.options.path("output");
  require_paths(arguments, output_path);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  request.changes = splitlane::read_changes(arguments.options, document.instance);
  if (!output_path.empty()) {
    write_document(output_path,
                   splitlane::write_instance(splitlane::changed_instance(document.instance, request.changes)));
  }
  if (!arguments.plan_path.empty()) request.given = given_plan(arguments, document, request.non_preemptive);
  const splitlane::WhatIf what_if = [&] {
    const CancelOnSignal cancel;
    ProgressLine progress(!arguments.options.has("quiet"));
    return splitlane::ask_what_if(document.instance, request, {cancel.flag(), progress.listener()});
  }();
  write_standard_output(arguments.options.has("json")
                            ? splitlane::write_what_if(document.instance, what_if, document.sha256)
                            : splitlane::what_if_table(document.instance, what_if));
  return 0;
}

}  // namespace

Verb add_whatif_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "whatif", "Plan an instance with changes: what would help first");
  const auto arguments = std::make_shared<WhatIfArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  names_a_file(verb->add_option("PLAN", arguments->plan_path,
                                "Plan of the instance as it is, a JSON file; - for standard input\n"
                                "(default: make one)"));
  add_options(*verb, arguments->options);
  verb->footer(
      "Without a change of your own, changes of what binds the plan are tried one by one. Every row is planned\n"
      "anew, never estimated; shortened durations are rounded up. An instance does not tell transfers from work of\n"
      "the client, so a faster client means device and link together. Ctrl-C prints the rows so far.\n"
      "\nExample: splitlane whatif instance.json plan.json --add-helper h0 --faster-client c7=50");
  return {verb, [arguments] { return run_whatif(*arguments); }};
}
