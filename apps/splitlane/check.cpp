#include "splitlane/check/check.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/check/check_trace.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace {

/// The kind of violation that only a reader of both files can see: the plan was made for another instance.
constexpr std::string_view kInstanceKind = "instance";

constexpr std::array kCheckOptions = {
    command_line_row(splitlane::OptionKind::kPath, "trace", "TRACE",
                     "Also check this trace of an execution of the plan, a JSON file; - for standard input", "none"),
    with_letter('q', flag_row("quiet", "Print nothing; the exit code tells")),
};

struct CheckArguments {
  std::string instance_path;
  std::string plan_path;
  splitlane::Arguments options{kCheckOptions, splitlane::Spelling::kCommandLine};
};

std::string violation_lines(const std::vector<std::string>& mismatches, const splitlane::CheckReport& report) {
  std::size_t total = mismatches.size();
  std::string counts;
  if (!mismatches.empty()) counts += fmt::format("  {:>8} {}\n", mismatches.size(), kInstanceKind);
  for (std::size_t index = 0; index < splitlane::kViolationKinds; ++index) {
    const auto kind = static_cast<splitlane::ViolationKind>(index);
    if (report.count(kind) == 0) continue;
    total += report.count(kind);
    counts += fmt::format("  {:>8} {}\n", report.count(kind), splitlane::violation_name(kind));
  }
  std::string lines = fmt::format("invalid: {} violation{}\n{}", total, total == 1 ? "" : "s", counts);
  for (const std::string& mismatch : mismatches) lines += fmt::format("{}: {}\n", kInstanceKind, mismatch);
  for (const splitlane::Violation& violation : report.violations) {
    lines += fmt::format("{}: {}\n", splitlane::violation_name(violation.kind), violation.message);
  }
  const std::size_t listed = mismatches.size() + report.violations.size();
  if (listed < total) lines += fmt::format("and {} more of the same kinds\n", total - listed);
  return lines;
}

// Of a round or a trace, whose violations are of no kind.
template <class Report>
std::string violation_lines(std::string_view what, const std::vector<std::string>& mismatches, const Report& report) {
  const std::size_t total = mismatches.size() + report.count;
  std::string lines = fmt::format("invalid {}: {} violation{}\n", what, total, total == 1 ? "" : "s");
  for (const std::string& mismatch : mismatches) lines += fmt::format("{}: {}\n", kInstanceKind, mismatch);
  for (const std::string& violation : report.violations) lines += violation + "\n";
  const std::size_t listed = mismatches.size() + report.violations.size();
  if (listed < total) lines += fmt::format("and {} more\n", total - listed);
  return lines;
}

struct Verdict {
  bool valid = false;
  std::string lines;
};

std::string counts_of(const splitlane::Instance& instance) {
  return fmt::format("{} clients, {} helpers", instance.client_count(), instance.helper_count());
}

Verdict judge(const InstanceDocument& document, const splitlane::PlanDocument& plan) {
  const std::vector<std::string> mismatches = instance_mismatches(document, plan);
  const splitlane::CheckReport report = splitlane::check_plan(document.instance, plan.plan);
  if (!mismatches.empty() || !report.valid()) return {false, violation_lines(mismatches, report)};
  return {true, fmt::format("valid: makespan {}, lower bound {}, {}\n", report.makespan, plan.plan.proof.lower_bound,
                            counts_of(document.instance))};
}

Verdict judge(const InstanceDocument& document, const splitlane::RoundDocument& round) {
  const std::vector<std::string> mismatches = instance_mismatches(document, round);
  const splitlane::RoundReport report = splitlane::check_round(document.instance, round.round);
  if (!mismatches.empty() || !report.valid()) return {false, violation_lines("round", mismatches, report)};
  return {true, fmt::format("valid round: makespan {}, lower bound {}, {}\n", report.makespan, round.round.lower_bound,
                            counts_of(document.instance))};
}

// What a trace is held against.
struct Followed {
  std::string_view sha256;
  const std::vector<splitlane::OptionIndex>& choice;
};
Followed followed(const splitlane::PlanDocument& plan) { return {plan.sha256, plan.plan.schedule.choice}; }
Followed followed(const splitlane::RoundDocument& round) { return {round.sha256, round.round.choice}; }

Verdict judge(const InstanceDocument& document, const Followed& followed, const splitlane::TraceDocument& trace) {
  std::vector<std::string> mismatches = instance_mismatches(document, trace);
  for (std::string& mismatch : plan_mismatches(followed.sha256, trace)) mismatches.push_back(std::move(mismatch));
  const splitlane::TraceReport report = splitlane::check_trace(document.instance, followed.choice, trace.trace);
  if (!mismatches.empty() || !report.valid()) return {false, violation_lines("trace", mismatches, report)};
  return {true, fmt::format("valid trace: makespan {} us, rule {}\n", report.makespan,
                            splitlane::execution_rule_name(trace.trace.rule))};
}

int run_check(const CheckArguments& arguments) {
  const std::string trace_path = arguments.options.path("trace");
  require_one_standard_input(
      {{"INSTANCE", arguments.instance_path}, {"PLAN", arguments.plan_path}, {"--trace", trace_path}});
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const auto plan = read_plan_or_round_document(arguments.plan_path, document.instance);
  Verdict verdict = std::visit([&](const auto& made) { return judge(document, made); }, plan);
  if (!trace_path.empty()) {
    // Read even where the plan is not valid: a document that cannot be read comes first.
    const splitlane::TraceDocument trace = read_trace_document(trace_path, document.instance);
    if (verdict.valid) {
      const Verdict of_trace =
          judge(document, std::visit([](const auto& made) { return followed(made); }, plan), trace);
      verdict = {of_trace.valid, verdict.lines + of_trace.lines};
    }
  }
  if (!arguments.options.has("quiet")) write_standard_output(verdict.lines);
  return verdict.valid ? 0 : kExitViolations;
}

}  // namespace

Verb add_check_verb(CLI::App& application) {
  CLI::App* verb =
      add_verb(application, "check", "Recompute a plan or a round from its segments and name what is wrong");
  const auto arguments = std::make_shared<CheckArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  names_a_file(
      verb->add_option("PLAN", arguments->plan_path, "Plan or round document, a JSON file; - for standard input"))
      ->required()
      ->option_text("(required)");
  add_options(*verb, arguments->options);
  verb->footer(
      "Exit code 0: the plan (and the trace) is valid. 3: it is not, and every violation is named on standard output.\n"
      "Times are in the instance's time unit, memory is in MB.\n"
      "\nExample: splitlane check instance.json plan.json");
  return {verb, [arguments] { return run_check(*arguments); }};
}
