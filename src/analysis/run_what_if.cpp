#include "splitlane/analysis/run_what_if.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "splitlane/analysis/explanation.hpp"
#include "splitlane/analysis/what_if.hpp"
#include "splitlane/methods/run_method.hpp"

namespace splitlane {

namespace {

/// Plans instances one after the other; whoever listens hears which.
class Replanner {
 public:
  explicit Replanner(const WhatIfRequest& request) : method_(*request.method), parameters_(request.parameters) {
    if (!parameters_.on_progress) return;
    parameters_.on_progress = [this, listener = request.parameters.on_progress](Progress progress) {
      progress.step = step_;
      listener(progress);
    };
  }
  Replanner(const Replanner&) = delete;
  Replanner& operator=(const Replanner&) = delete;

  /// With what binds it, read off the proof.
  Plan explained_plan(const Instance& instance) const {
    MethodParameters parameters = parameters_;
    parameters.certificate = true;
    parameters.whole_proof = false;
    Plan plan = run_method(method_, instance, parameters);
    plan.binding = explain_bound(instance, plan);
    return plan;
  }

  WhatIfParameters what_if_parameters(std::int64_t percent) {
    WhatIfParameters parameters;
    parameters.plan = [this](const Instance& instance) { return run_method(method_, instance, parameters_); };
    parameters.faster_percent = percent;
    parameters.cancelled = parameters_.cancelled;
    parameters.on_row = [this](std::string_view text) { step_ = text; };
    return parameters;
  }

 private:
  const Method& method_;
  MethodParameters parameters_;
  std::string step_ = "as it is";
};

Plan base_plan(const Instance& instance, const WhatIfRequest& request, const Replanner& replanner) {
  if (!request.given) return replanner.explained_plan(instance);
  Plan given = *request.given;
  if (!given.binding) given.binding = explain_bound(instance, given);
  if (given.status == PlanStatus::kOptimal) return given;
  Plan planned = replanner.explained_plan(instance);
  return planned.makespan <= given.makespan ? planned : given;
}

}  // namespace

WhatIf run_what_if(const Instance& instance, const WhatIfRequest& request) {
  Replanner replanner(request);
  const WhatIfParameters parameters = replanner.what_if_parameters(request.faster_percent);
  Plan base = base_plan(instance, request, replanner);
  if (request.changes.empty()) return what_if(instance, std::move(base), parameters);
  WhatIf result;
  result.rows.push_back(plan_changed(instance, base, request.changes, parameters));
  result.base = std::move(base);
  return result;
}

}  // namespace splitlane
