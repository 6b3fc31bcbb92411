#include "splitlane/planning/plan_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "splitlane/analysis/explanation.hpp"
#include "splitlane/error.hpp"
#include "splitlane/methods/run_method.hpp"

namespace splitlane {

namespace {

const Method& method_of(const PlanRequest& request) {
  if (!request.method.empty()) return find_method(request.method);
  return request.from ? find_method(kReplanningMethod) : methods().front();
}

const Option& plan_option(std::string_view name) { return option_named(plan_options(), name); }

Error contradiction(std::string_view name, std::string what, std::string expected, Spelling spelling) {
  return {ErrorCode::kUsage, {option_name(plan_option(name), spelling), std::move(what), "", std::move(expected)}};
}

void require_sensible(const PlanRequest& request, Spelling spelling) {
  const Method& method = method_of(request);
  if (!request.from && (request.keep_assignment || request.max_moves)) {
    throw contradiction(request.keep_assignment ? "keep-assignment" : "max-moves", "there is no plan to start from",
                        option_use(plan_option("from"), "PLAN", spelling) + " beside it", spelling);
  }
  if (request.from && !method.can.replans) {
    throw contradiction("from", fmt::format("method {} always plans afresh", method.name),
                        option_use(plan_option("method"), kReplanningMethod, spelling), spelling);
  }
  if (request.keep_assignment && request.max_moves) {
    throw contradiction("max-moves", "nothing moves with " + option_name(plan_option("keep-assignment"), spelling),
                        "one of the two", spelling);
  }
  if (request.proof == Proof::kWhole && !method.can.certifies) {
    throw contradiction("certificate", fmt::format("method {} proves its bound without a certificate", method.name),
                        "another " + option_name(plan_option("method"), spelling) + ", or no certificate", spelling);
  }
}

// A plan beside its certificate says no more than that, so that the two pass `splitlane verify`.
void claim_what_is_proven(Plan& plan) {
  const Time proven = plan.proof.certificate->lower_bound;
  if (proven >= plan.proof.lower_bound) return;
  plan.origin.warnings.push_back(
      fmt::format("no plan ends before {}, but the proof was not finished in time; the certificate, and so the plan, "
                  "claims {}",
                  plan.proof.lower_bound, proven));
  plan.proof.lower_bound = proven;
  plan.proof.status = plan.schedule.makespan == proven ? PlanStatus::kOptimal : PlanStatus::kFeasible;
}

AdmmParameters read_admm(const Arguments& arguments) {
  const AdmmParameters usual;
  return {arguments.number("rho").value_or(usual.rho), arguments.number("epsilon1").value_or(usual.epsilon1),
          arguments.number("epsilon2").value_or(usual.epsilon2),
          static_cast<int>(arguments.integer("max-iterations").value_or(usual.max_iterations))};
}

}  // namespace

int usual_threads() {
  return static_cast<int>(
      std::clamp<std::int64_t>(std::thread::hardware_concurrency(), 1, plan_option("threads").highest));
}

RunSettings read_run_settings(const Arguments& arguments) {
  RunSettings run;
  run.time_limit_s = arguments.number("time-limit");
  if (const auto threads = arguments.integer("threads")) run.threads = static_cast<int>(*threads);
  run.seed = static_cast<std::uint64_t>(arguments.integer("seed").value_or(0));
  return run;
}

PlanRequest read_plan_request(const Arguments& arguments) {
  PlanRequest request;
  request.method = arguments.text("method");
  if (arguments.has("method")) find_method(request.method, option_name(plan_option("method"), arguments.spelling()));
  request.run = read_run_settings(arguments);
  request.admm = read_admm(arguments);
  request.non_preemptive = arguments.has("non-preemptive");
  if (arguments.has("certificate")) request.proof = Proof::kWhole;
  if (arguments.has("from")) request.from.emplace();
  request.keep_assignment = arguments.has("keep-assignment");
  if (const auto moves = arguments.integer("max-moves")) request.max_moves = static_cast<std::size_t>(*moves);
  require_sensible(request, arguments.spelling());
  return request;
}

MethodParameters method_parameters(const RunSettings& run, const Watch& watch) {
  MethodParameters parameters;
  parameters.time_limit_s = run.time_limit_s;
  parameters.threads = run.threads;
  parameters.seed = run.seed;
  parameters.cancelled = watch.cancelled;
  parameters.on_progress = watch.on_progress;
  return parameters;
}

PlanOutcome make_plan(const Instance& instance, const PlanRequest& request, const Watch& watch) {
  require_sensible(request, Spelling::kFields);
  MethodParameters parameters = method_parameters(request.run, watch);
  parameters.admm = request.admm;
  parameters.preemptive = !request.non_preemptive;
  parameters.certificate = request.proof != Proof::kNone;
  parameters.whole_proof = request.proof == Proof::kWhole;
  parameters.start = request.from;
  parameters.keep_assignment = request.keep_assignment;
  parameters.max_moves = request.max_moves;
  PlanOutcome outcome{run_method(method_of(request), instance, parameters), nullptr};
  if (request.proof == Proof::kWhole) claim_what_is_proven(outcome.plan);
  if (request.proof != Proof::kNone) outcome.plan.proof.binding = explain_bound(instance, outcome.plan);
  std::shared_ptr<const Certificate> proof = std::move(outcome.plan.proof.certificate);
  outcome.plan.proof.certificate.reset();
  if (request.proof == Proof::kWhole) outcome.certificate = std::move(proof);
  return outcome;
}

}  // namespace splitlane
