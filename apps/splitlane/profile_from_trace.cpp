#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "splitlane/check/check_trace.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/observation/measured.hpp"
#include "splitlane/report/report.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::ErrorCode;
using splitlane::Instance;
using splitlane::ObservedBatch;
using splitlane::ObservedBatches;
using splitlane::OptionIndex;
using splitlane::Trace;
using splitlane::TraceDocument;

constexpr const char* kTracesName = "TRACE";

constexpr splitlane::Option plan_row() {
  splitlane::Option row =
      command_line_row(splitlane::OptionKind::kPath, "plan", "PLAN",
                       "A plan or round that some of the traces followed; needed where clients have several\n"
                       "cut layers on a helper, or moved to another helper; repeatable",
                       "none");
  row.repeatable = true;
  return row;
}

constexpr std::array kFromTraceOptions = {
    plan_row(),
    with_letter('o', command_line_row(splitlane::OptionKind::kPath, "output", "INSTANCE",
                                      "File to write the instance with the measured durations to", "none")),
    with_letter('q', flag_row("quiet", "No table, and no notes on standard error")),
};

struct FromTraceArguments {
  std::string instance_path;
  std::vector<std::string> trace_paths;
  splitlane::Arguments options{kFromTraceOptions, splitlane::Spelling::kCommandLine};
};

// A plan or a round that traces may have followed.
struct KnownPlan {
  std::string path;
  std::string sha256;
  std::vector<OptionIndex> choice;
  bool was_followed = false;
};

KnownPlan read_known_plan(const std::string& path, const Instance& instance) {
  const auto read = splitlane::read_plan_or_round_document(path, instance);
  return {path, std::visit([](const auto& document) { return document.sha256; }, read), choice_of(read)};
}

// Without a plan each client's first option on the helper that served it, which is enough to check the trace.
std::vector<OptionIndex> first_options(const Instance& instance, const Trace& trace) {
  std::vector<OptionIndex> choice(instance.client_count(), OptionIndex::none());
  for (const splitlane::ClientIndex client : instance.clients()) {
    for (const OptionIndex option : instance.options(client)) {
      if (!choice[client.value()].is_none()) break;
      if (instance.helper(option) == trace.clients[client.value()].helper) choice[client.value()] = option;
    }
  }
  return choice;
}

bool is_planned_again(const Trace& trace) {
  return std::ranges::any_of(trace.events,
                             [](const splitlane::TraceEvent& event) { return event.kind == "planned-again"; });
}

// A client that trains alone may have no batch; any other has at least its helper.
void require_all_clients(const std::string& path, const Instance& instance, const Trace& trace,
                         const std::vector<OptionIndex>& choice) {
  for (const splitlane::ClientIndex client : instance.clients()) {
    const splitlane::ClientTrace& told = trace.clients[client.value()];
    const OptionIndex option = choice[client.value()];
    const bool is_alone = !option.is_none() && instance.is_local(option);
    if (is_alone || !told.helper.is_none() || !told.batches.empty()) continue;
    throw Error(ErrorCode::kViolations,
                {path, fmt::format("the trace has no client \"{}\"", instance.client_id(client)), "",
                 "every client of INSTANCE"});
  }
}

ObservedBatches observed(const std::string& path, const Instance& instance, std::vector<KnownPlan>& plans) {
  const TraceDocument document = splitlane::read_trace_document(path, instance);
  const std::vector<OptionIndex>* choice = nullptr;
  for (KnownPlan& plan : plans) {
    const bool is_followed = document.plan_sha256 == plan.sha256 || (document.plan_sha256.empty() && plans.size() == 1);
    if (!is_followed) continue;
    choice = &plan.choice;
    plan.was_followed = true;
  }
  const std::vector<OptionIndex> first = choice == nullptr ? first_options(instance, document.trace) : *choice;
  require_all_clients(path, instance, document.trace, first);
  std::vector<std::string> violations = splitlane::check_trace(instance, first, document.trace).violations;
  if (choice == nullptr && !violations.empty() && is_planned_again(document.trace)) {
    throw Error(ErrorCode::kUsage, {path, "--plan is needed: only the plan tells where clients were that moved",
                                    violations.front(), "--plan PLAN"});
  }
  require_valid_trace(instance, first, document.trace, std::move(violations),
                      {path, "the trace is not valid", "a trace that passes `splitlane check --trace`"});
  return observed_batches(instance, document.trace, choice == nullptr ? std::vector<OptionIndex>() : *choice);
}

// Its batches would count twice.
void require_each_once(const std::vector<std::string>& paths) {
  for (auto path = paths.begin(); path != paths.end(); ++path) {
    const auto again = std::find_if(std::next(path), paths.end(), [path](const std::string& other) {
      return *path == other || splitlane::is_same_file(*path, other);
    });
    if (again == paths.end()) continue;
    throw Error(ErrorCode::kUsage, {kTracesName, "the same trace twice", *again, "each trace once"});
  }
}

void write_plan_notes(const std::vector<KnownPlan>& plans, std::size_t unknown) {
  for (const KnownPlan& plan : plans) {
    if (plan.was_followed) continue;
    write_standard_error(fmt::format("note: --plan {}: none of the traces followed it\n", plan.path));
  }
  if (unknown > 0) {
    write_standard_error(
        fmt::format("note: {} batches left out, whose options only their plan tells: --plan PLAN\n", unknown));
  }
}

void require_batches(const std::vector<ObservedBatch>& batches, std::size_t unknown) {
  if (!batches.empty()) return;
  throw Error(
      ErrorCode::kUsage,
      {kTracesName, unknown == 0 ? "no batch in the traces" : "which of a helper's options clients used is unknown",
       fmt::format("{} batches", unknown), unknown == 0 ? "a batch that began" : "--plan PLAN"});
}

int run_from_trace(const FromTraceArguments& arguments) {
  std::vector<NamedPath> inputs{{"INSTANCE", arguments.instance_path}};
  for (const std::string& path : arguments.trace_paths) inputs.push_back({kTracesName, path});
  const std::span<const std::string> plan_paths = arguments.options.texts("plan");
  for (const std::string& path : plan_paths) inputs.push_back({"--plan", path});
  require_one_standard_input(inputs);
  require_each_once(arguments.trace_paths);
  const std::string output_path = arguments.options.path("output");
  if (!output_path.empty()) require_outputs({{"-o", output_path}}, inputs);
  const Instance instance = read_instance_document(arguments.instance_path).instance;
  std::vector<KnownPlan> plans;
  for (const std::string& path : plan_paths) plans.push_back(read_known_plan(path, instance));
  ObservedBatches all;
  for (const std::string& path : arguments.trace_paths) {
    ObservedBatches of_trace = observed(path, instance, plans);
    all.unknown += of_trace.unknown;
    std::move(of_trace.batches.begin(), of_trace.batches.end(), std::back_inserter(all.batches));
  }
  require_batches(all.batches, all.unknown);
  const std::vector<splitlane::MeasuredDuration> measured = measured_durations(all.batches);
  if (!output_path.empty()) {
    splitlane::KnownDurations known = splitlane::known_medians(measured);
    // What counts of a client that moved is where it was in the last of the traces.
    for (std::size_t index = 0; index < all.batches.size(); ++index) {
      known.at(all.batches[index].option).round = static_cast<std::int64_t>(index);
    }
    write_document(output_path, write_instance(measured_instance(instance, known)));
  }
  if (arguments.options.has("quiet")) return 0;
  if (output_path != "-") write_standard_output(splitlane::measured_table(instance, measured));
  write_plan_notes(plans, all.unknown);
  return 0;
}

}  // namespace

Verb add_profile_from_trace_verb(CLI::App& profile) {
  CLI::App* command =
      profile.add_subcommand("from-trace", "Turn traces into measured durations, and an instance of them");
  const auto arguments = std::make_shared<FromTraceArguments>();
  add_instance_argument(*command, arguments->instance_path);
  command
      ->add_option("TRACE", arguments->trace_paths,
                   "Traces of executions of plans of the instance, in the order of their rounds, JSON\n"
                   "files")
      ->required()
      ->option_text("(required)");
  add_options(*command, arguments->options);
  command->footer(
      "Durations are in the instance's time unit: medians over all batches, and the spread, from the first to the "
      "third\n"
      "quartile. Options that no trace shows take the ratio of their client and their helper.\n"
      "\nExample: splitlane profile from-trace instance.json trace.json -o measured.json");
  return {command, [arguments] { return run_from_trace(*arguments); }};
}
