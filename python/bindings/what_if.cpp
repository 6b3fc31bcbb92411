#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "bindings.hpp"
#include "bound.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "splitlane/instance/change.hpp"
#include "splitlane/io/what_if_json.hpp"
#include "splitlane/planning/given_plan.hpp"
#include "splitlane/planning/what_if_request.hpp"
#include "splitlane/report/report.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

std::shared_ptr<BoundInstance> changed(const SharedInstance& instance, const nb::dict& named) {
  const Arguments arguments = arguments_of(what_if_options(), named);
  return std::make_shared<BoundInstance>(
      changed_instance(instance->instance(), read_changes(arguments, instance->instance())));
}

// The plan of the instance as it is, the document, and the table that the program prints.
using Outcome = std::tuple<BoundPlan, std::string, std::string>;

Outcome outcome(const SharedInstance& instance, WhatIf&& what_if) {
  std::string document = write_what_if(instance->instance(), what_if, instance->sha256());
  std::string table = what_if_table(instance->instance(), what_if);
  return {bound_plan(instance, {std::move(what_if.base), nullptr}), std::move(document), std::move(table)};
}

Outcome ask(const SharedInstance& instance, const std::optional<BoundPlan>& plan, const nb::dict& named,
            const nb::object& on_progress, const nb::object& make_result) {
  const Arguments arguments = arguments_of(what_if_options(), named);
  WhatIfRequest request = read_what_if_request(arguments);
  request.changes = read_changes(arguments, instance->instance());
  const auto make = [&](const Watch& watch) {
    const Instance& of = instance->instance();
    if (plan) {
      request.given = plan_for_what_if(of, given_plan(*instance, *plan), request.non_preemptive, arguments.spelling());
    }
    return outcome(instance, ask_what_if(of, request, watch));
  };
  return made_interruptibly(on_progress, "what_if", make,
                            [&](const Outcome& best) { return make_result(*nb::cast(best)); });
}

}  // namespace

void bind_what_if(nb::module_& module) {
  module.attr("_WHAT_IF_SECONDS") = usual_number(what_if_options(), "time-limit");
  module.attr("_FASTER_PERCENT") = static_cast<int>(usual_number(what_if_options(), "faster"));
  module.def("_changed_instance", &changed, "instance"_a, "arguments"_a,
             nb::sig("def _changed_instance(instance: Instance, arguments: dict[str, object]) -> Instance"));
  // The module keeps pointers to what is written about its functions.
  static const std::string text = python_options_text(what_if_options());
  module.def("_whatif", &ask, "instance"_a, "plan"_a.none(), "arguments"_a, "on_progress"_a.none(), "make_result"_a,
             nb::sig("def _whatif(instance: Instance, plan: Plan | None, arguments: dict[str, object], "
                     "on_progress: collections.abc.Callable[[Progress], object] | None, "
                     "make_result: collections.abc.Callable[[Plan, str, str], object]) -> tuple[Plan, str, str]"),
             text.c_str());
}

}  // namespace splitlane::python
