#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "splitlane/certificate/certificate.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/planning/arguments.hpp"

namespace splitlane {

/// One for each processor, at least 1.
int usual_threads();

/// How long a request may take, and with what.
struct RunSettings {
  std::optional<double> time_limit_s = {};  ///< of each method; nullopt = its own end
  int threads = usual_threads();            ///< never changes the result
  std::uint64_t seed = 0;
};

/// How a caller follows a request and ends it early. Progress comes from any thread, one report at a time.
struct Watch {
  const std::atomic<bool>* cancelled = nullptr;  ///< raised by the caller to get the best result so far
  std::function<void(const Progress&)> on_progress;
};

/// How much of the proof of the lower bound is wanted.
enum class Proof : std::uint8_t {
  kNone,
  kExplaining,  ///< as much as says what binds the optimum (Plan::binding)
  kWhole,       ///< a certificate, too; half of a time limit is for it
};

/// A plan that is wanted.
struct PlanRequest {
  std::string method = {};  ///< empty: the first of `methods()`, or kReplanningMethod with `from`
  RunSettings run = {};
  AdmmParameters admm = {};
  bool non_preemptive = false;
  Proof proof = Proof::kExplaining;
  std::optional<StartingPlan> from = {};      ///< plan again from here; its choice may still be filled in after reading
  bool keep_assignment = false;               ///< with `from`: its clients keep their options
  std::optional<std::size_t> max_moves = {};  ///< with `from`: at most so many of its clients change helpers
};

inline constexpr std::string_view kReplanningMethod = "scale";

/// A plan that was made. Its `binding` explains the bound unless the request was for no proof; its `warnings` are what
/// the user should be told. With Proof::kWhole the certificate proves the plan's bound: where time limit or
/// interruption ended its making, the plan claims what was proven by then, and a warning names the larger bound.
struct PlanOutcome {
  Plan plan;
  std::shared_ptr<const Certificate> certificate;  ///< of Proof::kWhole
};

RunSettings read_run_settings(const Arguments& arguments);
/// What arguments of `plan_options` ask for. `from` is there, without a choice, where the option is given.
/// Raises kUsage: a value that the table forbids, an unknown method, options that contradict each other.
PlanRequest read_plan_request(const Arguments& arguments);

/// The parameters of a method that follow from the settings.
MethodParameters method_parameters(const RunSettings& run, const Watch& watch);

/// Runs the method, holds its plan against the checker and explains its bound. Raises kUsage for fields that contradict
/// each other, and what `run_method` raises.
PlanOutcome make_plan(const Instance& instance, const PlanRequest& request, const Watch& watch);

}  // namespace splitlane
