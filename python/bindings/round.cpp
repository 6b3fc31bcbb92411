#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "documents.hpp"
#include "interruption.hpp"
#include "numbers.hpp"
#include "paths.hpp"
#include "round_numbers.hpp"
#include "splitlane/check/check_round.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/round_json.hpp"
#include "splitlane/planning/given_plan.hpp"
#include "splitlane/planning/round_request.hpp"
#include "splitlane/report/report.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using Bound = nb::class_<BoundRound>;

std::string document_bytes(const BoundRound& self) {
  return write_round(self.instance->instance(), *self.round, self.instance->sha256());
}

BoundRound bound_round(const SharedInstance& instance, RoundDocument document) {
  std::vector<std::string> mismatches = instance_mismatches(instance->instance(), instance->sha256(), document);
  return {instance, std::make_shared<const Round>(std::move(document.round)), std::move(mismatches)};
}

std::vector<std::string> violations(const BoundRound& self) {
  std::vector<std::string> wrong = self.mismatches;
  for (std::string& violation : check_round(self.instance->instance(), *self.round).violations) {
    wrong.push_back(std::move(violation));
  }
  return wrong;
}

std::string representation(const BoundRound& self) {
  const Round& round = *self.round;
  return "<splitlane.Round, way " + std::string(round_way_name(round.way)) + ", makespan " +
         std::to_string(round.makespan) + ", lower bound " + std::to_string(round.lower_bound) + ">";
}

// All segments as columns. Batches with the same schedule are one row a segment: its first batch, how many there are
// and how long each takes.
struct SegmentColumns {
  std::vector<std::int32_t> helper;
  std::vector<std::int32_t> client;
  std::vector<std::int64_t> batch;
  std::vector<std::int64_t> batches;
  std::vector<std::int64_t> every;
  std::vector<std::uint8_t> task;
  std::vector<std::int64_t> start;
  std::vector<std::int64_t> end;

  void add(HelperIndex of, const BatchSegment& segment, std::int64_t repeated, Time period) {
    helper.push_back(static_cast<std::int32_t>(of.value()));
    client.push_back(static_cast<std::int32_t>(segment.client.value()));
    batch.push_back(segment.batch);
    batches.push_back(repeated);
    every.push_back(period);
    task.push_back(static_cast<std::uint8_t>(segment.task));
    start.push_back(segment.start);
    end.push_back(segment.end);
  }
};

SegmentColumns segment_columns(const BoundRound& self) {
  SegmentColumns columns;
  const Instance& instance = self.instance->instance();
  if (self.round->way != RoundWay::kBarrier) {
    for (const HelperIndex helper : instance.helpers()) {
      for (const BatchSegment& segment : self.round->lanes[helper.value()]) columns.add(helper, segment, 1, 0);
    }
    return columns;
  }
  // A helper that a phase does not list runs as before.
  std::vector<const std::vector<Segment>*> lanes(instance.helper_count(), nullptr);
  Time begin = 0;
  for (const RoundPhase& phase : self.round->phases) {
    for (const RoundPhase::PhaseLane& lane : phase.lanes) lanes[lane.helper.value()] = &lane.segments;
    for (const HelperIndex helper : instance.helpers()) {
      if (lanes[helper.value()] == nullptr) continue;
      for (const Segment& segment : *lanes[helper.value()]) {
        columns.add(helper,
                    {segment.client, phase.first_batch, segment.task, begin + segment.start, begin + segment.end},
                    phase.batch_count, phase.makespan);
      }
    }
    begin += phase.batch_count * phase.makespan;
  }
  return columns;
}

nb::dict segment_arrays(const BoundRound& self) {
  const auto columns = [&] {
    const nb::gil_scoped_release released;
    return std::make_shared<const SegmentColumns>(segment_columns(self));
  }();
  nb::dict arrays;
  const auto put = [&]<class Number>(const char* name, const std::vector<Number>& column) {
    arrays[name] = nb::cast(column_view<Number>(std::span<const Number>(column), columns), nb::rv_policy::reference);
  };
  put("helper", columns->helper);
  put("client", columns->client);
  put("batch", columns->batch);
  put("batches", columns->batches);
  put("every", columns->every);
  put("task", columns->task);
  put("start", columns->start);
  put("end", columns->end);
  return arrays;
}

BoundRound round_of_batches(const SharedInstance& instance, const BoundPlan& plan, const nb::object& given,
                            bool is_path, const nb::dict& named, const nb::object& on_progress) {
  RoundRequest request = read_round_request(arguments_of(round_options(), named));
  const std::string batches = is_path ? path_text(given) : nb::cast<std::string>(given);
  const auto make = [&](const Watch& watch) {
    const Instance& of = instance->instance();
    request.plan = plan_for_round(of, given_plan(*instance, plan));
    request.batches = is_path ? read_batches(batches, of) : parse_batches(batches, of);
    const auto run = [&] { return make_round(of, request, watch); };
    return BoundRound{instance, std::make_shared<const Round>(is_path ? in_file(batches, run) : run()), {}};
  };
  return made_interruptibly(on_progress, "round", make, [](const BoundRound& best) { return nb::cast(best); });
}

nb::tuple taken(const BoundRound& self) {
  const std::vector<std::int64_t> numbers = numbers_of(*self.round);
  return nb::make_tuple(std::const_pointer_cast<BoundInstance>(self.instance),
                        nb::bytes(numbers.data(), numbers.size() * sizeof(std::int64_t)), self.round->warnings,
                        self.round->note, self.mismatches);
}

void put(BoundRound& memory, const nb::tuple& parts) {
  const auto bytes = nb::cast<nb::bytes>(parts[1]);
  std::vector<std::int64_t> numbers(bytes.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), bytes.c_str(), numbers.size() * sizeof(std::int64_t));
  Round round = round_of(numbers);
  round.warnings = nb::cast<std::vector<std::string>>(parts[2]);
  round.note = nb::cast<std::string>(parts[3]);
  new (&memory) BoundRound{nb::cast<SharedInstance>(parts[0]), std::make_shared<const Round>(std::move(round)),
                           nb::cast<std::vector<std::string>>(parts[4])};
}

bool same(const BoundRound& left, const BoundRound& right) {
  const nb::gil_scoped_release released;
  return numbers_of(*left.round) == numbers_of(*right.round) && left.round->warnings == right.round->warnings &&
         left.round->note == right.round->note && left.mismatches == right.mismatches &&
         same_instance(*left.instance, *right.instance);
}

void bind_documents(Bound& bound) {
  bind_reading<&bound_round, &read_round_document, &parse_round>(
      bound, "def load(path: str | os.PathLike[str], instance: Instance) -> Round",
      "Reads a round document of this instance. `check` says whether it is right.",
      "Parses the text of a round document.");
  bind_writing<&document_bytes>(bound);
  bound
      .def(
          "summary", [](const BoundRound& self) { return round_summary(self.instance->instance(), *self.round); },
          nb::call_guard<nb::gil_scoped_release>(), "A line for every way that was tried, as the program prints it.")
      .def("violations", &violations, nb::call_guard<nb::gil_scoped_release>(),
           "Recomputes everything from the segments; the first things wrong, so an empty list of a round made here.")
      .def(
          "to_dataframe",
          [](nb::handle self, const std::string& table) {
            return nb::module_::import_("splitlane._frames").attr("round_dataframe")(self, table);
          },
          "table"_a = "segments",
          nb::sig("def to_dataframe(self, table: typing.Literal['segments', 'clients', 'ways'] = 'segments')"
                  " -> pandas.DataFrame"),
          "A pandas table of the segments, clients or ways that were tried.")
      .def_prop_ro("_segments", &segment_arrays)
      .def("__repr__", &representation);
}

void bind_values(Bound& bound) {
  bound
      .def_prop_ro("instance",
                   [](const BoundRound& self) { return std::const_pointer_cast<BoundInstance>(self.instance); })
      .def_prop_ro(
          "way", [](const BoundRound& self) { return round_way_name(self.round->way); },
          nb::sig("def way(self) -> typing.Literal['barrier', 'order', 'priority', 'reassigned']"), "How it was made.")
      .def_prop_ro(
          "status",
          [](const BoundRound& self) { return self.round->status == PlanStatus::kOptimal ? "optimal" : "feasible"; },
          nb::sig("def status(self) -> typing.Literal['optimal', 'feasible']"))
      .def_prop_ro("makespan", [](const BoundRound& self) { return self.round->makespan; })
      .def_prop_ro(
          "lower_bound", [](const BoundRound& self) { return self.round->lower_bound; },
          "Proven: no round of the instance is shorter, whatever the assignment, barrier or not.")
      .def_prop_ro(
          "gap", [](const BoundRound& self) { return relative_gap(self.round->makespan, self.round->lower_bound); },
          "(makespan - lower_bound) / lower_bound.")
      .def_prop_ro("warnings", [](const BoundRound& self) { return self.round->warnings; })
      .def_prop_ro(
          "ways",
          [](const BoundRound& self) {
            nb::dict ways;
            for (const TriedWay& trial : self.round->ways) {
              ways[nb::cast(round_way_name(trial.way))] = nb::make_tuple(trial.makespan, trial.lower_bound);
            }
            return ways;
          },
          nb::sig("def ways(self) -> dict[str, tuple[int, int]]"),
          "Of every way that was tried, the makespan and the lower bound of rounds with its assignment.")
      .def_prop_ro(
          "batches",
          [](const BoundRound& self) {
            return column_view<std::int64_t>(std::span<const std::int64_t>(self.round->batches), self.round);
          },
          nb::rv_policy::reference, "By client.")
      .def_prop_ro(
          "option",
          [](const BoundRound& self) {
            return column_view<std::int32_t>(std::span<const OptionIndex>(self.round->choice), self.round);
          },
          nb::rv_policy::reference, "By client, the position of its option among all of the instance.")
      .def_prop_ro(
          "completion",
          [](const BoundRound& self) {
            return column_view<std::int64_t>(std::span<const Time>(self.round->completion), self.round);
          },
          nb::rv_policy::reference, "By client, of its last batch.");
}

}  // namespace

void bind_round(nb::module_& module) {
  Bound bound(module, "Round",
              "All batches of all clients, and how far from the optimum that can be. Immutable.\n\n"
              "Arrays are read-only. Times are in the `time_unit` of the instance.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Round", "splitlane.round, Round.load or Round.from_json");
  bind_documents(bound);
  bind_values(bound);
  // The module keeps pointers to what is written about its functions.
  static const std::string text = python_options_text(round_options());
  module.def("_round", &round_of_batches, "instance"_a, "plan"_a, "batches"_a, "is_path"_a, "arguments"_a,
             "on_progress"_a.none(),
             nb::sig("def _round(instance: Instance, plan: Plan, batches: str | os.PathLike[str], is_path: bool, "
                     "arguments: dict[str, object], "
                     "on_progress: collections.abc.Callable[[Progress], object] | None) -> Round"),
             text.c_str());
}

}  // namespace splitlane::python
