#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/observation/delay.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::FollowedPlan;

constexpr splitlane::Option layers_row() {
  splitlane::Option row = command_line_row(splitlane::OptionKind::kInteger, "layers", "COUNT",
                                           "Equal layers of a task, between which alone it can be paused when the plan "
                                           "is\nexecuted again, {0} to {1}; 0: anywhere",
                                           "0");
  row.highest = splitlane::kMostLayers;
  return row;
}

constexpr std::array kExplainOptions = {layers_row()};

struct ExplainArguments {
  std::string instance_path;
  std::string plan_path;
  std::string trace_path;
  splitlane::Arguments options{kExplainOptions, splitlane::Spelling::kCommandLine};
};

// What the trace is held against, valid.
struct GivenPlan {
  FollowedPlan plan;
  std::string sha256;
  bool preemptive = true;
};

GivenPlan read_given_plan(const std::string& path, const InstanceDocument& document) {
  const auto read = splitlane::read_plan_or_round_document(path, document.instance);
  if (const auto* plan = std::get_if<splitlane::PlanDocument>(&read)) {
    splitlane::require_valid_plan(document.instance, plan->plan, instance_mismatches(document, *plan),
                                  {path, "no plan that was followed", "a valid plan of this instance"});
    return {followed(document.instance, plan->plan.schedule), plan->sha256, plan->plan.origin.preemptive};
  }
  const auto& round = std::get<splitlane::RoundDocument>(read);
  splitlane::require_valid_round(document.instance, round.round, instance_mismatches(document, round),
                                 {path, "no round that was followed", "a valid round of this instance"});
  return {followed(document.instance, round.round), round.sha256, round.round.preemptive};
}

splitlane::Trace read_trace_of(const std::string& path, const InstanceDocument& document, const GivenPlan& given) {
  splitlane::TraceDocument trace = splitlane::read_trace_document(path, document.instance);
  std::vector<std::string> mismatches = instance_mismatches(document, trace);
  for (std::string& mismatch : plan_mismatches(given.sha256, trace)) mismatches.push_back(std::move(mismatch));
  splitlane::require_valid_trace(document.instance, given.plan.choice, trace.trace, std::move(mismatches),
                                 {path, "the trace is not valid", "a trace that passes `splitlane check --trace`"});
  return std::move(trace.trace);
}

void require_followed_throughout(const std::string& path, const splitlane::Trace& trace) {
  const splitlane::TraceEvent* const departure = splitlane::first_departure(trace);
  if (departure == nullptr) return;
  const std::string node = departure->node.empty() ? "" : " of \"" + departure->node + "\"";
  throw Error(ErrorCode::kUsage, {path, "the plan was not followed throughout, so nothing can be held against it",
                                  "the event \"" + departure->kind + "\"" + node,
                                  "a trace in which no node was lost and no client moved"});
}

int run_explain(const ExplainArguments& arguments) {
  require_one_standard_input(
      {{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}, {"TRACE", arguments.trace_path}});
  splitlane::CostlyNumberSettings settings;
  settings.layers = *arguments.options.integer("layers");
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const GivenPlan given = read_given_plan(arguments.plan_path, document);
  const splitlane::Trace trace = read_trace_of(arguments.trace_path, document, given);
  require_followed_throughout(arguments.trace_path, trace);
  settings.preemptive = given.preemptive;
  ProgressLine progress(true);
  settings.on_tried = [&progress](std::size_t done, std::size_t total) { progress.show_count(done, total, "numbers"); };
  const auto delay = explain_delay(document.instance, given.plan, trace);
  if (!delay) {
    throw Error(ErrorCode::kInconsistent,
                {arguments.trace_path, "no batch was completed", "", "a trace of some batches"});
  }
  const auto costly = costly_numbers(document.instance, given.plan, trace, settings);
  progress.wipe();
  write_standard_output(splitlane::delay_summary(document.instance, trace, *delay, costly));
  return 0;
}

}  // namespace

Verb add_explain_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "explain", "Say why what happened took longer than planned");
  const auto arguments = std::make_shared<ExplainArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  names_a_file(verb->add_option("PLAN", arguments->plan_path,
                                "The plan or round that was followed, a JSON file; - for standard input"))
      ->required()
      ->option_text("(required)");
  names_a_file(verb->add_option("TRACE", arguments->trace_path, "What happened, a JSON file; - for standard input"))
      ->required()
      ->option_text("(required)");
  add_options(*verb, arguments->options);
  verb->footer(
      "The parts add up to the measured less the planned makespan. What a number of the profile cost is what the "
      "round\n"
      "would be shorter by, had it been as the profile says and everything else as measured: the plan is executed "
      "again\n"
      "for each. A trace tells a client's computing and its transfers together. A trace in which a node was lost or a\n"
      "client moved is refused: its plan says little of it.\n"
      "\nExample: splitlane explain instance.json plan.json trace.json");
  return {verb, [arguments] { return run_explain(*arguments); }};
}
