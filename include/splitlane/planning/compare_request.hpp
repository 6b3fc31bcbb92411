#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/planning/plan_request.hpp"

namespace splitlane {

/// Several methods on one instance.
struct CompareRequest {
  std::vector<std::string> methods;     ///< in this order
  RunSettings run{.time_limit_s = 10};  ///< of each method; exact and ilp may have hours to their own end
  Proof proof = Proof::kNone;           ///< of each plan; at most kExplaining
};

/// What one method achieved, or why it did not.
struct ComparedMethod {
  std::string method;
  std::optional<Plan> plan;
  double runtime_ms = 0;  ///< of the method alone
  double gap = 0;         ///< `relative_gap` to the best bound that any of the methods proved
  std::string failure;    ///< empty with a plan
};

/// A row a method, in the order of the request.
struct Comparison {
  std::vector<ComparedMethod> rows;
  Time best_makespan = 0;
  Time lower_bound = 0;      ///< the best that any of the methods proved
  std::string bound_method;  ///< the first that did
};

/// What arguments of `compare_options` ask for; without `methods` all of them. Raises kUsage.
CompareRequest read_compare_request(const Arguments& arguments);

/// Runs the methods one after the other. A method that fails, for whatever reason, has the reason in its row; when all
/// fail, the first failure is raised. Cancelled, it runs no further method, which then has
/// that as the reason; the first always runs.
Comparison compare_methods(const Instance& instance, const CompareRequest& request, const Watch& watch);

}  // namespace splitlane
