#include "splitlane/report/report.hpp"

#include <memory>
#include <string>

#include "arguments.hpp"
#include "documents.hpp"
#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

struct ReportArguments {
  std::string instance_path;
  std::string plan_path;
  std::string output_path;
};

using Render = std::string (*)(const splitlane::Instance&, const splitlane::Plan&);

Render renderer_for(const std::string& output_path) {
  if (output_path.ends_with(".svg")) return splitlane::gantt_svg;
  if (output_path.ends_with(".json")) return splitlane::chrome_trace;
  throw Error(ErrorCode::kUsage, {"-o", "unknown kind of report", "\"" + output_path + "\"",
                                  "a file that ends in .svg (Gantt figure) or .json (Chrome trace)"});
}

int run_report(const ReportArguments& arguments) {
  const Render render = renderer_for(arguments.output_path);
  require_one_standard_input({{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}});
  require_output(arguments.output_path, arguments.instance_path);
  require_output(arguments.output_path, arguments.plan_path);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const splitlane::PlanDocument plan = read_plan_document(arguments.plan_path, document.instance);
  // A figure of a wrong plan would look as trustworthy as one of a right plan.
  const splitlane::CheckReport report = splitlane::check_plan(document.instance, plan.plan);
  if (!report.valid()) {
    throw Error(ErrorCode::kViolations, {arguments.plan_path, "the plan is not valid",
                                         report.violations.front().message, "a plan that passes `splitlane check`"});
  }
  splitlane::write_file_atomically(arguments.output_path, render(document.instance, plan.plan));
  return 0;
}

}  // namespace

Verb add_report_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "report", "Draw a plan, or turn it into a trace");
  const auto arguments = std::make_shared<ReportArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  verb->add_option("-o,--output", arguments->output_path,
                   "File to write (no default): *.svg is a Gantt figure, *.json a Chrome trace,\n"
                   "in microseconds, for Perfetto or chrome://tracing")
      ->required()
      ->option_text("FILE (required)");
  verb->footer("Example: splitlane report instance.json plan.json -o gantt.svg");
  return {verb, [arguments] { return run_report(*arguments); }};
}
