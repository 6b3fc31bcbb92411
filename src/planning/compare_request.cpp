#include "splitlane/planning/compare_request.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <new>
#include <utility>

namespace splitlane {

namespace {

std::string failure_text(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? "out of memory" : error.what();
}

ComparedMethod run_row(const std::string& method, const Instance& instance, const CompareRequest& request,
                       const Watch& watch) {
  PlanRequest one;
  one.method = method;
  one.run = request.run;
  one.proof = request.proof;
  const auto start = std::chrono::steady_clock::now();
  Plan plan = make_plan(instance, one, watch).plan;
  const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
  const double runtime_ms = plan.origin.runtime_ms.value_or(elapsed.count());
  return {method, std::move(plan), runtime_ms, 0, ""};
}

bool is_cancelled(const Watch& watch) { return watch.cancelled != nullptr && watch.cancelled->load(); }

void set_gaps(Comparison& comparison) {
  comparison.best_makespan = kLargestNumber;
  for (const ComparedMethod& row : comparison.rows) {
    if (comparison.bound_method.empty()) comparison.bound_method = row.method;
    if (!row.plan) continue;
    comparison.best_makespan = std::min(comparison.best_makespan, row.plan->schedule.makespan);
    if (row.plan->proof.lower_bound <= comparison.lower_bound) continue;
    comparison.lower_bound = row.plan->proof.lower_bound;
    comparison.bound_method = row.method;
  }
  for (ComparedMethod& row : comparison.rows) {
    if (row.plan) row.gap = relative_gap(row.plan->schedule.makespan, comparison.lower_bound);
  }
}

}  // namespace

CompareRequest read_compare_request(const Arguments& arguments) {
  CompareRequest request;
  request.methods = arguments.list("methods");
  if (!arguments.has("methods")) {
    for (const Method& method : methods()) request.methods.emplace_back(method.name);
  }
  const std::string where = option_name(option_named(arguments.options(), "methods"), arguments.spelling());
  for (const std::string& method : request.methods) find_method(method, where);
  request.run = read_run_settings(arguments);
  return request;
}

Comparison compare_methods(const Instance& instance, const CompareRequest& request, const Watch& watch) {
  Comparison comparison;
  std::exception_ptr first_failure;
  bool has_plan = false;
  for (const std::string& method : request.methods) {
    if (is_cancelled(watch) && !comparison.rows.empty()) {
      comparison.rows.push_back({method, std::nullopt, 0, 0, "not run: cancelled"});
      continue;
    }
    try {
      comparison.rows.push_back(run_row(method, instance, request, watch));
      has_plan = true;
    } catch (const std::exception& error) {
      if (!first_failure) first_failure = std::current_exception();
      comparison.rows.push_back({method, std::nullopt, 0, 0, failure_text(error)});
    }
  }
  if (!has_plan && first_failure) std::rethrow_exception(first_failure);
  set_gaps(comparison);
  return comparison;
}

}  // namespace splitlane
