#include <fmt/format.h>

#include <memory>
#include <string>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/planning/compare_request.hpp"
#include "verbs.hpp"

namespace {

struct CompareArguments {
  std::string instance_path;
  splitlane::Arguments options{splitlane::compare_options(), splitlane::Spelling::kCommandLine};
};

std::string duration_text(double milliseconds) {
  return milliseconds < 1000 ? fmt::format("{:.2f} ms", milliseconds) : fmt::format("{:.2f} s", milliseconds / 1000);
}

std::string table(const splitlane::Comparison& comparison) {
  std::string text = fmt::format("  {:<20} {:>16} {:>12} {:>12}\n", "method", "makespan", "gap", "time");
  for (const splitlane::ComparedMethod& row : comparison.rows) {
    if (!row.plan) {
      text += fmt::format("  {:<20} {}\n", row.method, row.failure);
      continue;
    }
    text += fmt::format("{} {:<20} {:>16} {:>12} {:>12}\n",
                        row.plan->schedule.makespan == comparison.best_makespan ? '*' : ' ', row.method,
                        row.plan->schedule.makespan, fmt::format("{:.2f} %", 100.0 * row.gap),
                        duration_text(row.runtime_ms));
  }
  return text +
         fmt::format("* best; gap to the best lower bound, {} ({})\n", comparison.lower_bound, comparison.bound_method);
}

int run_compare(const CompareArguments& arguments) {
  const splitlane::CompareRequest request = splitlane::read_compare_request(arguments.options);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  const splitlane::Comparison comparison = [&] {
    const CancelOnSignal cancel;
    ProgressLine progress(true);
    return splitlane::compare_methods(document.instance, request, {cancel.flag(), progress.listener()});
  }();
  write_standard_output(table(comparison));
  return 0;
}

}  // namespace

Verb add_compare_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "compare", "Run several methods on an instance, one after the other");
  const auto arguments = std::make_shared<CompareArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  add_options(*verb, arguments->options);
  verb->footer(
      method_list() +
      "\nThe table goes to standard output: makespan in the instance's time unit, gap to the best lower bound\n"
      "that any of the methods proved, and the time of the method alone. The time limit holds for each method.\n"
      "\nExample: splitlane compare instance.json --methods random-fcfs,balanced-greedy,equid");
  return {verb, [arguments] { return run_compare(*arguments); }};
}
