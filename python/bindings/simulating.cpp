#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "bound.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "paths.hpp"
#include "splitlane/check/required_plan.hpp"
#include "splitlane/error.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/planning/simulation_request.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

struct BoundSimulation {
  std::shared_ptr<const BoundInstance> instance;
  std::shared_ptr<const Simulation> simulation;
  std::optional<BoundTrace> trace;
};

using Bound = nb::class_<BoundSimulation>;

constexpr std::size_t kOutcomeNumbers = 4;

std::vector<std::int64_t> numbers_of(const Simulation& simulation) {
  std::vector<std::int64_t> numbers = {simulation.planned_makespan, static_cast<std::int64_t>(simulation.executions),
                                       static_cast<std::int64_t>(simulation.done.size()),
                                       static_cast<std::int64_t>(simulation.rules.size()),
                                       static_cast<std::int64_t>(simulation.known.size())};
  numbers.insert(numbers.end(), simulation.done.begin(), simulation.done.end());
  for (const Simulation::Rule& rule : simulation.rules) {
    numbers.insert(numbers.end(), {static_cast<std::int64_t>(rule.rule), rule.percentile, rule.planned_makespan});
    for (const ExecutionOutcome& outcome : rule.outcomes) {
      numbers.insert(numbers.end(),
                     {outcome.makespan, outcome.lateness, static_cast<std::int64_t>(outcome.lost_clients),
                      static_cast<std::int64_t>(outcome.moved_clients)});
    }
  }
  numbers.insert(numbers.end(), simulation.known.begin(), simulation.known.end());
  return numbers;
}

// What `numbers_of` gave. Raises kInconsistent for anything else.
Simulation simulation_of(const std::vector<std::int64_t>& numbers) {
  std::size_t place = 0;
  const auto next = [&]() -> std::int64_t {
    if (place < numbers.size()) return numbers[place++];
    throw Error(ErrorCode::kInconsistent, {"simulation", "not the numbers of a simulation", "", "what pickling wrote"});
  };
  const auto count = [&] { return std::min(static_cast<std::size_t>(next()), numbers.size()); };
  Simulation simulation;
  simulation.planned_makespan = next();
  simulation.executions = static_cast<std::size_t>(next());
  simulation.done.resize(count());
  simulation.rules.resize(count());
  simulation.known.resize(count());
  for (std::size_t& execution : simulation.done) execution = static_cast<std::size_t>(next());
  for (Simulation::Rule& rule : simulation.rules) {
    rule.rule = static_cast<ExecutionRule>(next());
    rule.percentile = static_cast<int>(next());
    rule.planned_makespan = next();
    rule.outcomes.resize(simulation.done.size());
    for (ExecutionOutcome& outcome : rule.outcomes) {
      outcome.makespan = next();
      outcome.lateness = next();
      outcome.lost_clients = static_cast<std::size_t>(next());
      outcome.moved_clients = static_cast<std::size_t>(next());
    }
  }
  for (Time& makespan : simulation.known) makespan = next();
  return simulation;
}

nb::tuple taken(const BoundSimulation& self) {
  const std::vector<std::int64_t> numbers = numbers_of(*self.simulation);
  return nb::make_tuple(std::const_pointer_cast<BoundInstance>(self.instance),
                        nb::bytes(numbers.data(), numbers.size() * sizeof(std::int64_t)), self.trace);
}

void put(BoundSimulation& memory, const nb::tuple& parts) {
  const auto bytes = nb::cast<nb::bytes>(parts[1]);
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), bytes.c_str(), numbers.size() * sizeof(std::int64_t));
  auto simulation = std::make_shared<const Simulation>(simulation_of(numbers));
  new (&memory) BoundSimulation{nb::cast<SharedInstance>(parts[0]), std::move(simulation),
                                nb::cast<std::optional<BoundTrace>>(parts[2])};
}

bool same(const BoundSimulation& left, const BoundSimulation& right) {
  if (left.trace.has_value() != right.trace.has_value()) return false;
  if (left.trace && !(left.trace->trace() == right.trace->trace())) return false;
  return numbers_of(*left.simulation) == numbers_of(*right.simulation) &&
         same_instance(*left.instance, *right.instance);
}

// One number of every outcome, a row a rule.
template <class Number>
nb::object outcome_array(const BoundSimulation& self, Number ExecutionOutcome::*field) {
  const auto column = std::make_shared<std::vector<std::int64_t>>();
  for (const Simulation::Rule& rule : self.simulation->rules) {
    for (const ExecutionOutcome& outcome : rule.outcomes) {
      column->push_back(static_cast<std::int64_t>(outcome.*field));
    }
  }
  const std::shared_ptr<const std::vector<std::int64_t>> owner = column;
  const nb::object flat =
      nb::cast(column_view<std::int64_t>(std::span<const std::int64_t>(*owner), owner), nb::rv_policy::reference);
  return flat.attr("reshape")(self.simulation->rules.size(), self.simulation->done.size());
}

template <class Number>
auto outcomes(Number ExecutionOutcome::*field) {
  return [field](const BoundSimulation& self) { return outcome_array(self, field); };
}

// As the table has them, times in the instance's unit.
nb::list rows(const BoundSimulation& self) {
  const auto unit = static_cast<double>(microseconds_per_unit(self.instance->instance()));
  nb::list result;
  for (const Simulation::Rule& rule : self.simulation->rules) {
    const RuleSummary summary = summary_of(*self.simulation, rule);
    result.append(nb::make_tuple(rule_title(rule), summary.mean / unit, summary.p95 / unit, summary.worst / unit,
                                 summary.within, summary.ratio, summary.lateness / unit, summary.lost_clients,
                                 summary.moved_clients, summary.regret));
  }
  return result;
}

void bind_arrays(Bound& bound) {
  bound
      .def_prop_ro(
          "done",
          [](const BoundSimulation& self) {
            return column_view<std::int64_t>(std::span<const std::size_t>(self.simulation->done), self.simulation);
          },
          nb::rv_policy::reference, "The numbers of the executions that were finished, in the order of the columns.")
      .def_prop_ro("makespan", outcomes(&ExecutionOutcome::makespan),
                   nb::sig("def makespan(self) -> numpy.typing.NDArray[numpy.int64]"),
                   "Of the clients that were not lost, in microseconds; a row a rule, a column an execution.")
      .def_prop_ro("lateness", outcomes(&ExecutionOutcome::lateness),
                   nb::sig("def lateness(self) -> numpy.typing.NDArray[numpy.int64]"),
                   "By how much the latest task ended after its planned end, in microseconds; likewise.")
      .def_prop_ro("lost_clients", outcomes(&ExecutionOutcome::lost_clients),
                   nb::sig("def lost_clients(self) -> numpy.typing.NDArray[numpy.int64]"),
                   "How many clients did not complete all their batches; likewise.")
      .def_prop_ro("moved_clients", outcomes(&ExecutionOutcome::moved_clients),
                   nb::sig("def moved_clients(self) -> numpy.typing.NDArray[numpy.int64]"),
                   "How many clients planning again moved; likewise.")
      .def_prop_ro(
          "known",
          [](const BoundSimulation& self) {
            return column_view<std::int64_t>(std::span<const Time>(self.simulation->known), self.simulation);
          },
          nb::rv_policy::reference,
          "With `regret`: by execution, the makespan in microseconds of a plan that knows its true times; else empty.");
}

void bind_texts(Bound& bound) {
  bound
      .def_prop_ro("instance",
                   [](const BoundSimulation& self) { return std::const_pointer_cast<BoundInstance>(self.instance); })
      .def_prop_ro(
          "planned_makespan", [](const BoundSimulation& self) { return self.simulation->planned_makespan; },
          "In microseconds.")
      .def_prop_ro(
          "executions", [](const BoundSimulation& self) { return self.simulation->executions; },
          "How many were asked for.")
      .def_prop_ro(
          "rules",
          [](const BoundSimulation& self) {
            std::vector<std::string> names;
            for (const Simulation::Rule& rule : self.simulation->rules) names.push_back(rule_title(rule));
            return names;
          },
          "In the order of the rows of all arrays.")
      .def_prop_ro(
          "trace", [](const BoundSimulation& self) { return self.trace; }, nb::sig("def trace(self) -> Trace | None"),
          "With `trace`: the first execution under the first rule.")
      .def_prop_ro("_rows", &rows)
      .def_prop_ro(
          "rows", [](nb::handle self) { return nb::module_::import_("splitlane._simulate").attr("rows")(self); },
          nb::sig("def rows(self) -> list[splitlane.SimulationRow]"), "What each rule came to.")
      .def(
          "summary",
          [](const BoundSimulation& self) { return simulation_table(self.instance->instance(), *self.simulation); },
          nb::call_guard<nb::gil_scoped_release>(), "The table that the program prints.")
      .def(
          "to_dataframe",
          [](nb::handle self, const std::string& table) {
            return nb::module_::import_("splitlane._simulate").attr("simulation_dataframe")(self, table);
          },
          "table"_a = "rules",
          nb::sig("def to_dataframe(self, table: typing.Literal['rules', 'executions'] = 'rules') -> pandas.DataFrame"),
          "A pandas table with a row a rule, or a row for each execution under each rule.")
      .def("__repr__", [](const BoundSimulation& self) {
        return fmt::format("<splitlane.Simulation, {} of {} executions, planned makespan {} us>",
                           self.simulation->done.size(), self.simulation->executions,
                           self.simulation->planned_makespan);
      });
}

Plan plan_to_follow(const BoundInstance& instance, const BoundPlan& plan) {
  PlanDocument document = document_for(instance, plan);
  require_valid_plan(instance.instance(), document.plan, mismatches(instance, document),
                     {"plan", "no plan to follow", "a valid plan of this instance"});
  return std::move(document.plan);
}

// A round may have been given another assignment than the plan's, so its trace does not claim to follow the plan.
BoundTrace first_trace(const SharedInstance& instance, const PreparedSimulation& prepared, std::string plan_sha256) {
  TraceDocument document;
  document.trace =
      simulated_trace(instance->instance(), prepared.plan, prepared.parameters, prepared.parameters.rules.front(), 0);
  document.time_unit = instance->instance().time_unit();
  document.plan_sha256 = std::move(plan_sha256);
  return {instance, std::make_shared<const TraceDocument>(std::move(document))};
}

std::function<void(std::size_t, std::size_t)> counted(const std::function<void(const Progress&)>& report) {
  if (!report) return nullptr;
  return [report, start = std::chrono::steady_clock::now()](std::size_t done, std::size_t total) {
    const std::string step = fmt::format("{} of {} executions", done, total);
    Progress progress;
    progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress.step = step;
    report(progress);
  };
}

BoundSimulation run_simulation(const SharedInstance& instance, const BoundPlan& plan, const nb::dict& given,
                               const std::optional<std::string>& batches, bool is_path, bool wants_trace,
                               const nb::object& on_progress) {
  const Instance& of = instance->instance();
  const Arguments arguments = arguments_of(simulation_options(), given);
  SimulationRequest request = read_simulation_request(arguments);
  read_what_instance_says(arguments, of, request);
  const auto make = [&](const Watch& watch) {
    const Plan valid = plan_to_follow(*instance, plan);
    if (batches) request.batches = is_path ? read_batches(*batches, of) : parse_batches(*batches, of);
    request.cancelled = watch.cancelled;
    PreparedSimulation prepared = splitlane::prepared(of, valid, request);
    prepared.parameters.on_progress = counted(watch.on_progress);
    std::optional<BoundTrace> trace;  // first, since it must be finished in time too
    if (wants_trace) trace = first_trace(instance, prepared, batches ? std::string() : plan_sha256(plan));
    auto simulation = std::make_shared<const Simulation>(simulate(of, prepared.plan, prepared.parameters));
    require_executions(*simulation);
    return BoundSimulation{instance, std::move(simulation), std::move(trace)};
  };
  return made_interruptibly(on_progress, "simulation", make,
                            [](const BoundSimulation& best) { return nb::cast(best); });
}

}  // namespace

void bind_simulating(nb::module_& module) {
  Bound bound(module, "Simulation",
              "What many executions of one plan came to. Immutable.\n\n"
              "Arrays are read-only and in microseconds; `rows` and `summary` are in the `time_unit` of the instance.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Simulation", "splitlane.simulate");
  bind_arrays(bound);
  bind_texts(bound);
  module.attr("_EXECUTIONS") = SimulationParameters().executions;
  // The module keeps pointers to what is written about its functions.
  static const std::string text = python_options_text(simulation_options());
  module.def("_simulate", &run_simulation, "instance"_a, "plan"_a, "given"_a, "batches"_a.none(), "is_path"_a,
             "trace"_a, "on_progress"_a.none(),
             nb::sig("def _simulate(instance: Instance, plan: Plan, given: dict[str, object], batches: str | None, "
                     "is_path: bool, trace: bool, on_progress: collections.abc.Callable[[Progress], object] | None) "
                     "-> Simulation"),
             text.c_str());
}

}  // namespace splitlane::python
