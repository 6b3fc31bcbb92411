#include "splitlane/report/report.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "splitlane/check/check.hpp"
#include "splitlane/error.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

struct ReportArguments {
  std::string instance_path;
  std::string plan_path;
  std::string output_path;
  std::optional<std::string> against_path;
};

using Render = std::string (*)(const splitlane::Instance&, const splitlane::Plan&, const splitlane::Plan* against);

struct Kind {
  std::string_view extension;
  Render render;
  bool compares;  ///< whether it shows another plan beside the first
};

constexpr std::array<Kind, 3> kKinds = {{
    {".html", splitlane::report_page, true},
    {".svg", [](const auto& instance, const auto& plan, const auto*) { return splitlane::gantt_svg(instance, plan); },
     false},
    {".json",
     [](const auto& instance, const auto& plan, const auto*) { return splitlane::chrome_trace(instance, plan); },
     false},
}};

const Kind& kind_of(const ReportArguments& arguments) {
  for (const Kind& kind : kKinds) {
    if (!arguments.output_path.ends_with(kind.extension)) continue;
    if (arguments.against_path && !kind.compares) {
      throw Error(ErrorCode::kUsage, {"--against", "this kind of report shows one plan",
                                      "-o \"" + arguments.output_path + "\"", "a file that ends in .html"});
    }
    return kind;
  }
  throw Error(ErrorCode::kUsage, {"-o", "unknown kind of report", "\"" + arguments.output_path + "\"",
                                  "a file that ends in .html (page), .svg (Gantt figure) or .json (Chrome trace)"});
}

// A figure of a wrong plan would look as trustworthy as one of a right plan.
void require_valid(const std::string& path, const splitlane::Instance& instance, const splitlane::Plan& plan) {
  const splitlane::CheckReport report = splitlane::check_plan(instance, plan);
  if (report.valid()) return;
  throw Error(ErrorCode::kViolations, {path, "the plan is not valid", report.violations.front().message,
                                       "a plan that passes `splitlane check`"});
}

// Makespans of different instances say nothing about each other, even where ids and durations happen to fit.
splitlane::Plan read_plan_to_compare(const std::string& path, const InstanceDocument& instance) {
  splitlane::PlanDocument document = read_plan_document(path, instance.instance);
  const std::vector<std::string> mismatches = instance_mismatches(instance, document);
  if (!mismatches.empty()) {
    throw Error(ErrorCode::kInconsistent,
                {path, "the plan to compare with is of another instance", mismatches.front(), "a plan of INSTANCE"});
  }
  require_valid(path, instance.instance, document.plan);
  return std::move(document.plan);
}

int run_report(const ReportArguments& arguments) {
  const Kind& kind = kind_of(arguments);
  std::vector<NamedPath> inputs{{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}};
  if (arguments.against_path) inputs.push_back({"--against", *arguments.against_path});
  require_one_standard_input(inputs);
  require_outputs({{"-o", arguments.output_path}}, inputs);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const splitlane::PlanDocument plan = read_plan_document(arguments.plan_path, document.instance);
  require_valid(arguments.plan_path, document.instance, plan.plan);
  std::optional<splitlane::Plan> against;
  if (arguments.against_path) against = read_plan_to_compare(*arguments.against_path, document);
  write_document(arguments.output_path, kind.render(document.instance, plan.plan, against ? &*against : nullptr));
  return 0;
}

}  // namespace

Verb add_report_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "report", "Draw a plan, or turn it into a trace");
  const auto arguments = std::make_shared<ReportArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  verb->add_option("-o,--output", arguments->output_path,
                   "File to write (no default): *.html is a page to explore the plan in, that opens in a\n"
                   "browser without network; *.svg a Gantt figure; *.json a Chrome trace,\n"
                   "in microseconds, for Perfetto or chrome://tracing")
      ->required()
      ->option_text("FILE (required)");
  verb->add_option("--against", arguments->against_path,
                   "Another plan of the instance to compare with, on a page (default: none)")
      ->option_text("PLAN");
  verb->footer("Example: splitlane report instance.json plan.json -o plan.html");
  return {verb, [arguments] { return run_report(*arguments); }};
}
