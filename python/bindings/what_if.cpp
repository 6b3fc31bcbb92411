#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "bound.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "splitlane/analysis/run_what_if.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/instance/change.hpp"
#include "splitlane/instance/ids.hpp"
#include "splitlane/instance/time.hpp"
#include "splitlane/io/what_if_json.hpp"
#include "splitlane/report/report.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using SharedInstance = std::shared_ptr<BoundInstance>;

// An argument of `splitlane.whatif`, the id that it names, and how much; None where there is nothing to say.
using NamedChange = std::tuple<std::string, std::string, nb::object>;

struct ChangeArgument {
  std::string_view name;
  Change::Kind kind;
  bool is_of_client;
  std::int64_t most;  ///< 0: has no amount
};

constexpr std::array kChangeArguments = {
    ChangeArgument{"faster_client", Change::Kind::kFasterClient, true, kMostPercent},
    ChangeArgument{"faster_helper", Change::Kind::kFasterHelper, false, kMostPercent},
    ChangeArgument{"add_helper", Change::Kind::kMoreHelpers, false, kMostCopies},
    ChangeArgument{"more_memory", Change::Kind::kMoreMemory, false, kLargestNumber},
    ChangeArgument{"without_client", Change::Kind::kWithoutClient, true, 0},
};

const ChangeArgument& argument_named(std::string_view name) {
  return *std::find_if(kChangeArguments.begin(), kChangeArguments.end(),
                       [name](const ChangeArgument& argument) { return argument.name == name; });
}

std::vector<Change> changes_of(const Instance& instance, const std::vector<NamedChange>& named) {
  const Ids clients = Ids::of_clients(instance);
  const Ids helpers = Ids::of_helpers(instance);
  std::vector<Change> changes;
  for (const auto& [name, id, amount] : named) {
    const ChangeArgument& argument = argument_named(name);
    Change change;
    change.kind = argument.kind;
    if (argument.is_of_client) {
      change.client = ClientIndex(clients.position(name, id));
    } else {
      change.helper = HelperIndex(helpers.position(name, id));
    }
    if (argument.most > 0) change.amount = integer_argument(name.c_str(), amount, 1, argument.most);
    changes.push_back(change);
  }
  return changes;
}

std::shared_ptr<BoundInstance> changed(const SharedInstance& instance, const std::vector<NamedChange>& named) {
  return std::make_shared<BoundInstance>(
      changed_instance(instance->instance(), changes_of(instance->instance(), named)));
}

// Refuses a plan that is not valid, and one whose bound is about other plans than those to be made.
Plan given_plan(const BoundInstance& instance, const BoundPlan& plan, bool non_preemptive) {
  PlanDocument document = document_for(instance, plan);
  std::vector<std::string> reasons = mismatches(instance, document);
  if (document.plan.preemptive == non_preemptive) {
    reasons.emplace_back(non_preemptive ? "made with preemption" : "made without preemption");
  }
  require_valid_plan(instance.instance(), document.plan, std::move(reasons),
                     {"plan", "no plan to start from",
                      non_preemptive ? "a valid plan of this instance, made with non_preemptive=True"
                                     : "a valid plan of this instance, made without non_preemptive"});
  return std::move(document.plan);
}

// The plan of the instance as it is, the document, and the table that the program prints.
using Outcome = std::tuple<BoundPlan, std::string, std::string>;

Outcome outcome(const SharedInstance& instance, WhatIf&& what_if) {
  std::string document = write_what_if(instance->instance(), what_if, instance->sha256());
  std::string table = what_if_table(instance->instance(), what_if);
  PlanDocument base;
  base.plan = std::move(what_if.base);
  base.plan.certificate.reset();  // made to explain the bound, not whole
  base.time_unit = instance->instance().time_unit();
  return {BoundPlan{instance, std::make_shared<const PlanDocument>(std::move(base))}, std::move(document),
          std::move(table)};
}

Outcome ask(const SharedInstance& instance, const std::optional<BoundPlan>& plan,
            const std::vector<NamedChange>& changes, const nb::object& faster, const std::optional<std::string>& method,
            std::optional<double> time_limit, const nb::object& on_progress, const nb::object& seed,
            const nb::object& threads, bool non_preemptive, const nb::object& make_result) {
  WhatIfRequest request;
  request.faster_percent = integer_argument("faster", faster, 1, kMostPercent);
  request.method = method ? &find_method(*method) : &methods().front();
  request.parameters.time_limit_s = seconds_argument(time_limit).value_or(kWhatIfSeconds);
  request.parameters.seed = seed_argument(seed);
  request.parameters.threads = threads_argument(threads);
  request.parameters.preemptive = !non_preemptive;
  request.changes = changes_of(instance->instance(), changes);
  std::optional<Outcome> best;
  const LongWork work = [&](const std::atomic<bool>& cancelled, const std::function<void(const Progress&)>& report) {
    if (plan) request.given = given_plan(*instance, *plan, non_preemptive);
    request.parameters.cancelled = &cancelled;
    request.parameters.on_progress = report;
    best = outcome(instance, run_what_if(instance->instance(), request));
  };
  std::optional<nb::python_error> interruption = run_interruptibly(work, on_progress);
  if (interruption) {
    raise_interruption(*interruption, "what_if", best ? make_result(*nb::cast(*best)) : nb::none());
  }
  return std::move(*best);
}

}  // namespace

void bind_what_if(nb::module_& module) {
  module.attr("_WHAT_IF_SECONDS") = kWhatIfSeconds;
  module.def(
      "_changed_instance", &changed, "instance"_a, "changes"_a,
      nb::sig("def _changed_instance(instance: Instance, changes: list[tuple[str, str, int | None]]) -> Instance"));
  module.def("_what_if", &ask, "instance"_a, "plan"_a.none(), "changes"_a, "faster"_a, "method"_a.none(),
             "time_limit"_a.none(), "on_progress"_a.none(), "seed"_a, "threads"_a.none(), "non_preemptive"_a,
             "make_result"_a,
             nb::sig("def _what_if(instance: Instance, plan: Plan | None, changes: list[tuple[str, str, int | None]], "
                     "faster: int, method: str | None, time_limit: float | None, "
                     "on_progress: collections.abc.Callable[[Progress], object] | None, seed: int, "
                     "threads: int | None, non_preemptive: bool, "
                     "make_result: collections.abc.Callable[[Plan, str, str], object]) -> tuple[Plan, str, str]"),
             "The plan of the instance as it is, the document and the table of the program.");
}

}  // namespace splitlane::python
