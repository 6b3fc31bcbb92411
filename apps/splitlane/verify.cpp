#include "splitlane/check/verify.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "documents.hpp"
#include "option_rows.hpp"
#include "output.hpp"
#include "splitlane/check/check.hpp"
#include "splitlane/check/claims.hpp"
#include "splitlane/error.hpp"
#include "verbs.hpp"

namespace {

constexpr std::array kVerifyOptions = {
    command_line_row(splitlane::OptionKind::kSeconds, "time-limit", "SECONDS",
                     "Seconds that the check of the proof may take; what is not checked by then is not\nverified",
                     "none but that of its work"),
    with_letter('q', flag_row("quiet", "Print nothing; the exit code tells")),
};

struct VerifyArguments {
  std::string instance_path;
  std::string plan_path;
  std::string certificate_path;
  splitlane::Arguments options{kVerifyOptions, splitlane::Spelling::kCommandLine};
};

using Problems = std::vector<std::string>;

void append(Problems& problems, std::string_view kind, const std::vector<std::string>& messages) {
  for (const std::string& message : messages) problems.push_back(fmt::format("{}: {}", kind, message));
}

void check_plan_itself(const InstanceDocument& document, const splitlane::PlanDocument& plan, Problems& problems) {
  append(problems, "instance", instance_mismatches(document, plan));
  const splitlane::CheckReport report = splitlane::check_plan(document.instance, plan.plan);
  for (const splitlane::Violation& violation : report.violations) {
    problems.push_back(fmt::format("{}: {}", splitlane::violation_name(violation.kind), violation.message));
  }
  const std::size_t total = std::accumulate(report.counts.begin(), report.counts.end(), std::size_t{0});
  if (report.violations.size() < total) {
    problems.push_back(fmt::format("plan: {} more violations of the same kinds", total - report.violations.size()));
  }
}

std::string problem_lines(const Problems& problems) {
  std::string lines = fmt::format("not verified: {} problem{}\n", problems.size(), problems.size() == 1 ? "" : "s");
  for (const std::string& problem : problems) lines += problem + "\n";
  return lines;
}

std::string success_line(const splitlane::Plan& plan, const splitlane::Certificate& certificate) {
  const std::string what = certificate.preemptive ? "no plan" : "no plan without preemption";
  const std::string conclusion = plan.schedule.makespan == certificate.lower_bound
                                     ? "the plan is optimal"
                                     : fmt::format("the plan ends at {}", plan.schedule.makespan);
  return fmt::format("verified: {} ends before {}; {}\n", what, certificate.lower_bound, conclusion);
}

int run_verify(const VerifyArguments& arguments) {
  const std::optional<double> limit = arguments.options.number("time-limit");
  const bool quiet = arguments.options.has("quiet");
  require_one_standard_input({{"INSTANCE", arguments.instance_path},
                              {"PLAN", arguments.plan_path},
                              {"CERTIFICATE", arguments.certificate_path}});
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const splitlane::PlanDocument plan = read_plan_document(arguments.plan_path, document.instance);
  const splitlane::CertificateDocument certificate =
      read_certificate_document(arguments.certificate_path, document.instance);

  Problems problems;
  check_plan_itself(document, plan, problems);
  append(problems, "instance", instance_mismatches(document, certificate));
  append(problems, "claim", splitlane::unproven_claims(document.instance, plan.plan, certificate.certificate));
  const splitlane::VerifyReport report =
      splitlane::verify_certificate(document.instance, certificate.certificate, {limit, nullptr});
  if (report.gave_up) problems.push_back("certificate: gave up: " + report.flaw);
  if (!report.accepted && !report.gave_up) problems.push_back("certificate: " + report.flaw);
  if (!problems.empty()) {
    if (!quiet) write_standard_output(problem_lines(problems));
    return kExitViolations;
  }
  if (certificate.certificate.lower_bound > plan.plan.schedule.makespan) {
    throw splitlane::Error(splitlane::ErrorCode::kInternal,
                           {"certificate", "a proof that contradicts a plan",
                            fmt::format("a plan that ends at {}", plan.plan.schedule.makespan),
                            fmt::format("none before {}; please report this", certificate.certificate.lower_bound)});
  }
  if (!quiet) write_standard_output(success_line(plan.plan, certificate.certificate));
  return 0;
}

}  // namespace

Verb add_verify_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "verify", "Check the proof that no plan is shorter than a plan says");
  const auto arguments = std::make_shared<VerifyArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_plan_argument(*verb, arguments->plan_path);
  verb->add_option("CERTIFICATE", arguments->certificate_path,
                   "Certificate document, a JSON file; - for standard input")
      ->required()
      ->option_text("(required)");
  add_options(*verb, arguments->options);
  verb->footer(
      "The plan is checked as by `splitlane check`, the proof in integers by code that shares nothing with what made "
      "it.\n"
      "However small it is, a proof may take 5e9 steps to check, some seconds; one that takes more is not verified.\n"
      "Exit code 0: both hold. 3: they do not, and every problem is named on standard output.\n"
      "\nExample: splitlane verify instance.json plan.json certificate.json");
  return {verb, [arguments] { return run_verify(*arguments); }};
}
