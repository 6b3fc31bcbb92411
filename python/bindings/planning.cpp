#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.hpp"
#include "bound.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "splitlane/analysis/explanation.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/plan_json.hpp"
#include "splitlane/methods/method.hpp"
#include "splitlane/methods/run_method.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

constexpr std::int64_t kMostIterations = 1'000'000;
constexpr const char* kReplanningMethod = "scale";

using SharedInstance = std::shared_ptr<BoundInstance>;

double positive_argument(const char* name, double value) {
  if (std::isfinite(value) && value > 0) return value;
  throw Error(ErrorCode::kUsage, {name, "not a number in range", fmt::format("{}", value), "a number above 0"});
}

// What starts from an earlier plan.
struct Start {
  std::optional<BoundPlan> plan;
  bool keep_assignment = false;
  nb::object max_moves;
};

void set_start(const Start& start, const Method& method, const Instance& instance, MethodParameters& parameters) {
  if (!start.plan) {
    if (!start.keep_assignment && start.max_moves.is_none()) return;
    throw Error(ErrorCode::kUsage, {start.keep_assignment ? "keep_assignment" : "max_moves",
                                    "there is no plan to start from", "", "start=PLAN beside it"});
  }
  if (!method.can.replans) {
    throw Error(ErrorCode::kUsage,
                {"start", fmt::format("method {} always plans afresh", method.name), "", "method \"scale\""});
  }
  if (start.keep_assignment && !start.max_moves.is_none()) {
    throw Error(ErrorCode::kUsage, {"max_moves", "nothing moves with keep_assignment", "", "one of the two"});
  }
  parameters.keep_assignment = start.keep_assignment;
  if (!start.max_moves.is_none()) {
    parameters.max_moves = static_cast<std::size_t>(integer_argument("max_moves", start.max_moves, 0, kLargestNumber));
  }
  // By ids, as the document says them: the instance may have lost or gained clients since.
  const std::string bytes =
      write_plan(start.plan->instance->instance(), start.plan->plan(), start.plan->instance->sha256());
  parameters.start = StartingPlan{parse_starting_choice(bytes, instance)};
}

const Method& chosen_method(const std::optional<std::string>& name, const Start& start) {
  if (name) return find_method(*name);
  return start.plan ? find_method(kReplanningMethod) : methods().front();
}

void require_certificate(const Method& method, bool wanted) {
  if (!wanted || method.can.certifies) return;
  throw Error(ErrorCode::kUsage,
              {"certificate", fmt::format("method {} proves its bound without a certificate", method.name), "",
               "another method, or no certificate"});
}

BoundPlan run(const SharedInstance& bound, const Method& method, MethodParameters parameters,
              const nb::object& on_progress) {
  std::optional<BoundPlan> best;
  const LongWork work = [&](const std::atomic<bool>& cancelled, const std::function<void(const Progress&)>& report) {
    parameters.cancelled = &cancelled;
    parameters.on_progress = report;
    PlanDocument document;
    document.plan = run_method(method, bound->instance(), parameters);
    document.plan.binding = explain_bound(bound->instance(), document.plan);
    if (!parameters.whole_proof) document.plan.certificate.reset();
    document.time_unit = bound->instance().time_unit();
    best = BoundPlan{bound, std::make_shared<const PlanDocument>(std::move(document))};
  };
  std::optional<nb::python_error> interruption = run_interruptibly(work, on_progress);
  if (interruption) raise_interruption(*interruption, "plan", best ? nb::cast(*best) : nb::none());
  return std::move(*best);
}

BoundPlan plan(const SharedInstance& bound, const std::optional<std::string>& method_name,
               std::optional<double> time_limit, const nb::object& on_progress, const nb::object& seed,
               const nb::object& threads, bool non_preemptive, bool certificate, const std::optional<BoundPlan>& start,
               bool keep_assignment, const nb::object& max_moves, double rho, double epsilon1, double epsilon2,
               const nb::object& max_iterations) {
  const Start from{start, keep_assignment, max_moves};
  const Method& method = chosen_method(method_name, from);
  MethodParameters parameters;
  parameters.time_limit_s = seconds_argument(time_limit);
  parameters.seed = seed_argument(seed);
  parameters.threads = threads_argument(threads);
  parameters.preemptive = !non_preemptive;
  parameters.admm = {positive_argument("rho", rho), positive_argument("epsilon1", epsilon1),
                     positive_argument("epsilon2", epsilon2),
                     static_cast<int>(integer_argument("max_iterations", max_iterations, 1, kMostIterations))};
  require_certificate(method, certificate);
  // The proof says what binds the optimum, whether or not somebody asked for it; then a part of it is enough.
  parameters.certificate = true;
  parameters.whole_proof = certificate;
  set_start(from, method, bound->instance(), parameters);
  return run(bound, method, parameters, on_progress);
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

constexpr const char* kSignature =
    "def plan(instance: Instance, method: str | None = None, time_limit: float | None = None, "
    "on_progress: collections.abc.Callable[[Progress], object] | None = None, *, seed: int = 0, threads: int | None = "
    "None, "
    "non_preemptive: bool = False, certificate: bool = False, start: Plan | None = None, "
    "keep_assignment: bool = False, max_moves: int | None = None, rho: float = 350.0, epsilon1: float = 1.0, "
    "epsilon2: float = 1.0, max_iterations: int = 5) -> Plan";

constexpr const char* kText =
    "Makes a plan, without the GIL, and checks it before returning it.\n\n"
    "`method` is one of `methods()`; by default the first, \"auto\", or \"scale\" with `start`. The best plan within\n"
    "`time_limit` seconds is returned. `on_progress` is called on this thread; an exception of it ends the planning "
    "and\n"
    "is raised, as KeyboardInterrupt is on Ctrl-C, with the best plan so far in its attribute `plan` (or None).\n"
    "`certificate` is for the whole proof of the bound, which can take longer than `time_limit`, and refuses methods\n"
    "that have none. `start` plans again from an earlier plan, of this instance or "
    "of\n"
    "one that has since lost or gained clients or helpers: with `keep_assignment` only the schedule is new, with\n"
    "`max_moves` at most so many clients change helpers. `rho` to `max_iterations` are of method \"admm\".";

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
  module.def("plan", &plan, "instance"_a, "method"_a = nb::none(), "time_limit"_a = nb::none(),
             "on_progress"_a = nb::none(), nb::kw_only(), "seed"_a = 0, "threads"_a = nb::none(),
             "non_preemptive"_a = false, "certificate"_a = false, "start"_a = nb::none(), "keep_assignment"_a = false,
             "max_moves"_a = nb::none(), "rho"_a = AdmmParameters{}.rho, "epsilon1"_a = AdmmParameters{}.epsilon1,
             "epsilon2"_a = AdmmParameters{}.epsilon2, "max_iterations"_a = AdmmParameters{}.max_iterations,
             nb::sig(kSignature), kText);
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
