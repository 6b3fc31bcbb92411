#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <memory>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "bound.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/planning/compare_request.hpp"
#include "splitlane/planning/plan_request.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

BoundPlan plan(const SharedInstance& bound, const nb::object& method, const nb::object& time_limit,
               const nb::object& on_progress, const nb::kwargs& others) {
  others["method"] = method;
  others["time_limit"] = time_limit;
  PlanRequest request = read_plan_request(arguments_of(plan_options(), others));
  const auto start = request.from ? nb::cast<BoundPlan>(others["start"]) : BoundPlan();
  const auto make = [&](const Watch& watch) {
    const Instance& instance = bound->instance();
    if (request.from) {
      // By ids, as the document says them: the instance may have lost or gained clients since.
      const BoundInstance& before = *start.instance;
      request.from->choice =
          parse_starting_choice(write_plan(before.instance(), start.plan(), before.sha256()), instance);
    }
    return bound_plan(bound, make_plan(instance, request, watch));
  };
  return made_interruptibly(on_progress, "plan", make, [](const BoundPlan& best) { return nb::cast(best); });
}

// As fields of splitlane.Comparison.
nb::list rows_of(const SharedInstance& instance, const Comparison& comparison) {
  nb::list rows;
  for (const ComparedMethod& row : comparison.rows) {
    if (row.plan) {
      rows.append(nb::make_tuple(row.method, row.plan->schedule.makespan, row.plan->proof.lower_bound, row.gap,
                                 row.runtime_ms, bound_plan(instance, {*row.plan, nullptr}), row.failure));
    } else {
      rows.append(nb::make_tuple(row.method, nb::none(), nb::none(), nb::none(), nb::none(), nb::none(), row.failure));
    }
  }
  return rows;
}

nb::list compare(const SharedInstance& instance, const nb::dict& named, const nb::object& make_rows) {
  Arguments arguments = arguments_of(compare_options(), named);
  if (named["time_limit"].is_none()) arguments.add_none("time-limit");
  CompareRequest request = read_compare_request(arguments);
  request.proof = Proof::kExplaining;
  const auto make = [&](const Watch& watch) { return compare_methods(instance->instance(), request, watch); };
  const auto shown = [&](const Comparison& made) { return make_rows(rows_of(instance, made)); };
  return rows_of(instance, made_interruptibly(nb::none(), "rows", make, shown));
}

nb::object makespan_so_far(const BoundProgress& progress) {
  return progress.makespan > 0 ? nb::cast(progress.makespan) : nb::none();
}

nb::tuple taken(const BoundProgress& self) {
  return nb::make_tuple(self.seconds, self.makespan, self.lower_bound, self.step);
}

void put(BoundProgress& memory, const nb::tuple& parts) {
  const auto step = nb::cast<std::string>(parts[3]);
  Progress progress;
  progress.seconds = nb::cast<double>(parts[0]);
  progress.makespan = nb::cast<Time>(parts[1]);
  progress.lower_bound = nb::cast<Time>(parts[2]);
  progress.step = step;
  new (&memory) BoundProgress(progress);
}

bool same(const BoundProgress& left, const BoundProgress& right) { return taken(left).equal(taken(right)); }

std::string signature() {
  return fmt::format(
      "def plan(instance: Instance, method: str | None = None, time_limit: float | None = None, "
      "on_progress: collections.abc.Callable[[Progress], object] | None = None, *, seed: int = {}, "
      "threads: int | None = None, non_preemptive: bool = False, certificate: bool = False, "
      "start: Plan | None = None, keep_assignment: bool = False, max_moves: int | None = None, "
      "rho: float = {:.1f}, epsilon1: float = {:.1f}, epsilon2: float = {:.1f}, max_iterations: int = {}) -> Plan",
      usual_number(plan_options(), "seed"), usual_number(plan_options(), "rho"),
      usual_number(plan_options(), "epsilon1"), usual_number(plan_options(), "epsilon2"),
      usual_number(plan_options(), "max-iterations"));
}

constexpr const char* kText =
    "Makes a plan, without the GIL, and checks it before returning it.\n\n"
    "Ended by `time_limit`, it is the best plan so far. `on_progress` is called on this thread; an exception of it "
    "ends\n"
    "the planning and is raised, as KeyboardInterrupt is on Ctrl-C, with the best plan so far in its attribute `plan`\n"
    "(or None).\n\n";

}  // namespace

void bind_planning(nb::module_& module) {
  nb::class_<BoundProgress> progress(module, "Progress", "What a running method tells.");
  bind_value(progress, {&taken, &put, &same});
  bind_refused_constructor(progress, "Progress", "on_progress of splitlane.plan is given some");
  progress.def_ro("seconds", &BoundProgress::seconds)
      .def_prop_ro("makespan", &makespan_so_far, nb::sig("def makespan(self) -> int | None"),
                   "Of the best plan so far; None while there is none.")
      .def_ro("lower_bound", &BoundProgress::lower_bound)
      .def_ro("step", &BoundProgress::step, "What the method is doing.")
      .def("__repr__", [](const BoundProgress& self) {
        return fmt::format("<splitlane.Progress after {:.2f} s, makespan {}, lower bound {}, {}>", self.seconds,
                           self.makespan, self.lower_bound, self.step);
      });
  // The module keeps pointers to what is written about its functions.
  static const std::string written = signature();
  static const std::string text = kText + python_options_text(plan_options());
  static const std::string compared = python_options_text(compare_options());
  module.def("plan", &plan, "instance"_a, "method"_a = nb::none(), "time_limit"_a = nb::none(),
             "on_progress"_a = nb::none(), "others"_a, nb::sig(written.c_str()), text.c_str());
  module.attr("_COMPARE_SECONDS") = usual_number(compare_options(), "time-limit");
  module.def("_compare", &compare, "instance"_a, "arguments"_a, "make_rows"_a,
             nb::sig("def _compare(instance: Instance, arguments: dict[str, object], "
                     "make_rows: collections.abc.Callable[[list[tuple]], object]) -> list[tuple]"),
             compared.c_str());
  module.def(
      "methods",
      [] {
        nb::dict summaries;
        for (const Method& method : methods()) summaries[nb::cast(method.name)] = method.summary;
        return summaries;
      },
      nb::sig("def methods() -> dict[str, str]"), "Names of the methods and what each does, the default first.");
}

}  // namespace splitlane::python
