#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "cancellation.hpp"
#include "documents.hpp"
#include "output.hpp"
#include "progress_line.hpp"
#include "splitlane/error.hpp"
#include "splitlane/methods/run_method.hpp"
#include "verbs.hpp"

namespace {

using splitlane::Error;
using splitlane::Instance;
using splitlane::Method;
using splitlane::Time;

struct CompareArguments {
  std::string instance_path;
  std::optional<std::string> methods;
  PlanningArguments planning;
};

// What one method achieved, or why it did not.
struct Row {
  std::string_view method;
  std::optional<Time> makespan;
  Time lower_bound = 0;
  double runtime_ms = 0;
  std::string failure;
};

std::vector<const Method*> chosen_methods(const std::optional<std::string>& names) {
  std::vector<const Method*> chosen;
  if (!names) {
    for (const Method& method : splitlane::methods()) chosen.push_back(&method);
    return chosen;
  }
  std::size_t first = 0;
  while (first <= names->size()) {
    const std::size_t comma = std::min(names->find(',', first), names->size());
    chosen.push_back(&splitlane::find_method(std::string_view(*names).substr(first, comma - first)));
    first = comma + 1;
  }
  return chosen;
}

Row run_row(const Method& method, const Instance& instance, const splitlane::MethodParameters& parameters) {
  const auto start = std::chrono::steady_clock::now();
  const splitlane::Plan plan = run_method(method, instance, parameters);
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  return {method.name, plan.makespan, plan.lower_bound, plan.runtime_ms.value_or(elapsed.count()), ""};
}

std::string failure_text(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? "out of memory" : error.what();
}

// Runs all methods; one that fails, for whatever reason, gets it as its row. When all fail, the first reason is raised.
std::vector<Row> run_rows(const std::vector<const Method*>& methods, const Instance& instance,
                          splitlane::MethodParameters parameters) {
  const CancelOnSignal cancel;
  parameters.cancelled = cancel.flag();
  std::vector<Row> rows;
  std::exception_ptr first_failure;
  for (const Method* method : methods) {
    // Every method gets to run once; after a signal only those still missing are left out.
    if (cancel.raised() && !rows.empty()) {
      rows.push_back({method->name, std::nullopt, 0, 0, "not run: cancelled"});
      continue;
    }
    ProgressLine progress(true);
    parameters.on_progress = progress.listener();
    try {
      rows.push_back(run_row(*method, instance, parameters));
    } catch (const std::exception& error) {
      if (!first_failure) first_failure = std::current_exception();
      rows.push_back({method->name, std::nullopt, 0, 0, failure_text(error)});
    }
  }
  const bool any = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.makespan.has_value(); });
  if (!any && first_failure) std::rethrow_exception(first_failure);
  return rows;
}

std::string duration_text(double milliseconds) {
  return milliseconds < 1000 ? fmt::format("{:.2f} ms", milliseconds) : fmt::format("{:.2f} s", milliseconds / 1000);
}

std::string table(const std::vector<Row>& rows) {
  Time best_makespan = splitlane::kLargestNumber;
  Time best_bound = 0;
  std::string_view bound_method = rows.front().method;
  for (const Row& row : rows) {
    if (!row.makespan) continue;
    best_makespan = std::min(best_makespan, *row.makespan);
    if (row.lower_bound > best_bound) {
      best_bound = row.lower_bound;
      bound_method = row.method;
    }
  }
  std::string text = fmt::format("  {:<20} {:>16} {:>12} {:>12}\n", "method", "makespan", "gap", "time");
  for (const Row& row : rows) {
    if (!row.makespan) {
      text += fmt::format("  {:<20} {}\n", row.method, row.failure);
      continue;
    }
    text +=
        fmt::format("{} {:<20} {:>16} {:>12} {:>12}\n", *row.makespan == best_makespan ? '*' : ' ', row.method,
                    *row.makespan, fmt::format("{:.2f} %", 100.0 * splitlane::relative_gap(*row.makespan, best_bound)),
                    duration_text(row.runtime_ms));
  }
  return text + fmt::format("* best; gap to the best lower bound, {} ({})\n", best_bound, bound_method);
}

int run_compare(const CompareArguments& arguments) {
  const std::vector<const Method*> methods = chosen_methods(arguments.methods);
  const splitlane::MethodParameters parameters = method_parameters(arguments.planning);
  const InstanceDocument document = read_instance_document(arguments.instance_path);
  write_standard_output(table(run_rows(methods, document.instance, parameters)));
  return 0;
}

}  // namespace

Verb add_compare_verb(CLI::App& application) {
  CLI::App* verb = add_verb(application, "compare", "Run several methods on an instance, one after the other");
  const auto arguments = std::make_shared<CompareArguments>();
  add_instance_argument(*verb, arguments->instance_path);
  verb->add_option("--methods", arguments->methods, "Which methods, separated by commas (default: all)")
      ->option_text("NAME,NAME,...");
  arguments->planning.time_limit = "10";  // exact and ilp may have hours to their own end
  add_planning_arguments(*verb, arguments->planning);
  verb->footer(
      method_list() +
      "\nThe table goes to standard output: makespan in the instance's time unit, gap to the best lower bound\n"
      "that any of the methods proved, and the time of the method alone. The time limit holds for each method.\n"
      "\nExample: splitlane compare instance.json --methods random-fcfs,balanced-greedy,equid");
  return {verb, [arguments] { return run_compare(*arguments); }};
}
