#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"
#include "splitlane/plan/segment.hpp"

namespace splitlane {

struct Certificate;

enum class PlanStatus {
  kOptimal,   ///< makespan == lower_bound, proven
  kFeasible,  ///< a valid plan
};

/// What follows from the segments for one client (docs/json.md#plan, `clients[]`).
struct ClientTimes {
  Time forward_end = 0;   ///< 0 for a local option
  Time backward_end = 0;  ///< 0 for a local option
  Time completion = 0;
  /// Total queuing delay at the helper (paper, Sec. IV): backward_end - (r + p + l + l' + p'); 0 when local.
  Time queuing = 0;
  bool operator==(const ClientTimes&) const = default;
};

using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;

/// Which option serves each client, and when the helpers run its tasks.
///
/// `choice` and `times` have one entry per client, `segments` one lane per helper. A schedule made by a method is
/// complete; one read from a file may lack clients (choice none()), which check/ reports.
struct Schedule {
  std::vector<OptionIndex> choice;
  std::vector<ClientTimes> times;
  SegmentTable segments;
  Time makespan = 0;
};

/// How a plan was made.
struct PlanOrigin {
  std::string method;
  std::uint64_t seed = 0;
  /// False: made without preemption, each task in one piece. Rounds and changes of the plan are made alike.
  bool preemptive = true;
  std::map<std::string, ParameterValue> parameters;  ///< of the method, beyond these
  std::string splitlane_version;
  std::vector<std::string> warnings;
  std::optional<double> runtime_ms;  ///< wall time of the method
};

/// What was proven of a plan.
struct PlanProof {
  PlanStatus status = PlanStatus::kFeasible;
  Time lower_bound = 0;
  /// The proof of `lower_bound`, where the method was asked for one. A document of its own, no part of the plan's.
  std::shared_ptr<const Certificate> certificate;
  std::optional<Binding> binding;  ///< why no plan ends before `lower_bound`; only by `explain_bound`
};

/// A schedule, how it was made and what was proven of it: what a method returns and what a plan document holds.
struct Plan {
  Schedule schedule;
  PlanOrigin origin = {};
  PlanProof proof = {};
  /// What else stands in its document's `meta`, the text of a JSON object; empty: nothing.
  std::string note = {};

  /// `relative_gap` of makespan and lower bound.
  double gap() const;
};

/// The parameters as a plan's document has them: with `preemptive` where that is false.
std::map<std::string, ParameterValue> document_parameters(const PlanOrigin& origin);

/// (makespan - lower_bound) / lower_bound; 0 when both are 0.
double relative_gap(Time makespan, Time lower_bound);

/// Derives times and makespan from `choice` and `segments` through `evaluate_lane`; the only way a method may fill them
/// in. `choice` must be complete and every segment on its client's own helper: a schedule read from a file goes through
/// check/, never through here. O(clients + segments).
Schedule evaluate_schedule(const Instance& instance, std::vector<OptionIndex> choice, SegmentTable segments);

/// Records a proven bound and sets the status that follows from it. The larger bound wins.
void set_lower_bound(Plan& plan, Time lower_bound);

}  // namespace splitlane
