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
#include "option_rows.hpp"
#include "output.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/error.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;

constexpr std::array kReportOptions = {
    with_letter('o',
                command_line_row(splitlane::OptionKind::kPath, "output", "FILE",
                                 "File to write: *.html is a page to explore the plan in, that opens in a browser\n"
                                 "without network; *.svg a Gantt figure; *.json a Chrome trace, in microseconds,\n"
                                 "for Perfetto or chrome://tracing",
                                 "a summary on standard output")),
    command_line_row(splitlane::OptionKind::kPath, "against", "PLAN",
                     "Another plan of the instance to compare with, on a page", "none"),
    command_line_row(splitlane::OptionKind::kPath, "trace", "TRACE",
                     "A trace of an execution of the plan, a JSON file or - for standard input, to show\n"
                     "beside the plan: two rows per helper, late tasks, both critical paths",
                     "none"),
};

struct ReportArguments {
  std::string instance_path;
  std::string plan_path;
  splitlane::Arguments options{kReportOptions, splitlane::Spelling::kCommandLine};
};

/// What is shown: a plan, with another one or with what happened when it was followed.
struct Shown {
  const splitlane::Instance& instance;
  const splitlane::Plan& plan;
  const splitlane::Plan* against = nullptr;
  const splitlane::Trace* trace = nullptr;
};

using Render = std::string (*)(const Shown&);

std::string render_page(const Shown& shown) {
  return splitlane::report_page(shown.instance, shown.plan, shown.against, shown.trace);
}
std::string render_figure(const Shown& shown) { return gantt_svg(shown.instance, shown.plan, shown.trace); }
std::string render_events(const Shown& shown) { return chrome_trace(shown.instance, shown.plan, shown.trace); }
std::string render_summary(const Shown& shown) {
  return shown.trace != nullptr ? trace_summary(shown.instance, shown.plan, *shown.trace)
                                : plan_summary(shown.instance, shown.plan);
}

struct Kind {
  std::string_view extension;
  Render render;
  bool compares;  ///< whether it shows another plan beside the first
};

constexpr std::array<Kind, 3> kKinds = {
    {{".html", render_page, true}, {".svg", render_figure, false}, {".json", render_events, false}}};
constexpr Kind kSummary = {"", render_summary, false};

const Kind& kind_at(const std::string& path) {
  if (path.empty()) return kSummary;
  for (const Kind& kind : kKinds) {
    if (path.ends_with(kind.extension)) return kind;
  }
  throw Error(ErrorCode::kUsage, {"-o", "unknown kind of report", "\"" + path + "\"",
                                  "a file that ends in .html (page), .svg (Gantt figure) or .json (Chrome trace)"});
}

const Kind& kind_of(const splitlane::Arguments& options) {
  const std::string output = options.path("output");
  const Kind& kind = kind_at(output);
  if (!options.has("against")) return kind;
  if (!kind.compares) {
    throw Error(ErrorCode::kUsage, {"--against", "this kind of report shows one plan",
                                    output.empty() ? "no -o" : "-o \"" + output + "\"", "a file that ends in .html"});
  }
  if (options.has("trace")) {
    throw Error(ErrorCode::kUsage, {"--against", "a trace is shown beside its own plan", "--trace as well",
                                    "--against or --trace, not both"});
  }
  return kind;
}

// A figure of a wrong plan would look as trustworthy as one of a right plan.
void require_valid(const std::string& path, const splitlane::Instance& instance, const splitlane::Plan& plan,
                   std::vector<std::string> mismatches) {
  require_valid_plan(instance, plan, std::move(mismatches),
                     {path, "the plan is not valid", "a plan of INSTANCE that passes `splitlane check`"});
}

// Makespans of different instances say nothing about each other, even where ids and durations happen to fit.
splitlane::Plan read_plan_to_compare(const std::string& path, const InstanceDocument& instance) {
  splitlane::PlanDocument document = read_plan_document(path, instance.instance);
  require_valid(path, instance.instance, document.plan, instance_mismatches(instance, document));
  return std::move(document.plan);
}

splitlane::Trace read_trace_of(const std::string& path, const InstanceDocument& instance,
                               const splitlane::PlanDocument& plan) {
  splitlane::TraceDocument document = read_trace_document(path, instance.instance);
  std::vector<std::string> mismatches = instance_mismatches(instance, document);
  for (std::string& mismatch : plan_mismatches(plan.sha256, document)) mismatches.push_back(std::move(mismatch));
  require_valid_trace(
      instance.instance, plan.plan, document.trace, std::move(mismatches),
      {path, "not a valid trace of this plan", "a trace of PLAN that passes `splitlane check --trace`"});
  return std::move(document.trace);
}

int run_report(const ReportArguments& arguments) {
  const Kind& kind = kind_of(arguments.options);
  const std::string output = arguments.options.path("output");
  const std::string against_path = arguments.options.path("against");
  const std::string trace_path = arguments.options.path("trace");
  const std::vector<NamedPath> inputs{{"INSTANCE", arguments.instance_path},
                                      {"PLAN", arguments.plan_path},
                                      {"--against", against_path},
                                      {"--trace", trace_path}};
  require_one_standard_input(inputs);
  require_outputs({{"-o", output}}, inputs);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const splitlane::PlanDocument plan = read_plan_document(arguments.plan_path, document.instance);
  require_valid(arguments.plan_path, document.instance, plan.plan, {});
  std::optional<splitlane::Plan> against;
  if (!against_path.empty()) against = read_plan_to_compare(against_path, document);
  std::optional<splitlane::Trace> trace;
  if (!trace_path.empty()) trace = read_trace_of(trace_path, document, plan);
  const std::string report =
      kind.render({document.instance, plan.plan, against ? &*against : nullptr, trace ? &*trace : nullptr});
  if (output.empty()) {
    write_standard_output(report);
  } else {
    write_document(output, report);
  }
  return 0;
}

}  // namespace

Verb add_report_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "report", "Draw a plan, alone or beside what happened when it was followed");
  const auto arguments = std::make_shared<ReportArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  add_options(*verb, arguments->options);
  verb->footer("Example: splitlane report instance.json plan.json --trace trace.json -o execution.html");
  return {verb, [arguments] { return run_report(*arguments); }};
}
