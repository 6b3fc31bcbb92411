#include <fmt/format.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "documents.hpp"
#include "splitlane/io/documents.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using Bound = nb::class_<BoundTrace>;

// Rows of arrays; splitlane._arrays has the names of their numbers.
struct SegmentRow {
  std::int64_t helper, client, batch, task, start, end;
};
struct BatchRow {
  std::int64_t client, batch, start, release, forward_end, backward_ready, backward_end, completion;
};

BoundTrace read_here(const SharedInstance& instance, TraceDocument document) {
  return {instance, std::make_shared<const TraceDocument>(std::move(document))};
}

std::string document_bytes(const BoundTrace& self) {
  return write_trace(self.instance->instance(), self.trace(), self.instance->sha256(), self.document->plan_sha256);
}

nb::tuple taken(const BoundTrace& self) {
  return nb::make_tuple(std::const_pointer_cast<BoundInstance>(self.instance), as_bytes(document_bytes(self)),
                        self.document->instance_name, self.document->instance_sha256,
                        static_cast<int>(self.document->time_unit));
}

void put(BoundTrace& memory, const nb::tuple& parts) {
  auto instance = nb::cast<SharedInstance>(parts[0]);
  TraceDocument document = parse_trace(as_text(parts[1]), instance->instance());
  document.instance_name = nb::cast<std::string>(parts[2]);
  document.instance_sha256 = nb::cast<std::string>(parts[3]);
  document.time_unit = static_cast<TimeUnit>(nb::cast<int>(parts[4]));
  new (&memory) BoundTrace{std::move(instance), std::make_shared<const TraceDocument>(std::move(document))};
}

bool same(const BoundTrace& left, const BoundTrace& right) {
  const nb::gil_scoped_release released;
  return left.trace() == right.trace() && left.document->plan_sha256 == right.document->plan_sha256 &&
         same_instance(*left.instance, *right.instance);
}

std::int64_t number_of(HelperIndex helper) { return helper.is_none() ? -1 : static_cast<std::int64_t>(helper.value()); }

std::vector<SegmentRow> segment_rows(const BoundTrace& self) {
  std::vector<SegmentRow> rows;
  for (const HelperIndex helper : self.instance->instance().helpers()) {
    for (const TraceSegment& segment : self.trace().lanes[helper.value()]) {
      rows.push_back({number_of(helper), static_cast<std::int64_t>(segment.client.value()), segment.batch,
                      static_cast<std::int64_t>(segment.task), segment.start, segment.end});
    }
  }
  return rows;
}

std::vector<BatchRow> batch_rows(const BoundTrace& self) {
  std::vector<BatchRow> rows;
  std::int64_t client = 0;
  for (const ClientTrace& trace : self.trace().clients) {
    std::int64_t batch = 0;
    for (const BatchTimes& times : trace.batches) {
      const auto at = [](const std::optional<Time>& instant) { return instant.value_or(-1); };
      rows.push_back({client, batch, at(times.start), at(times.release), at(times.forward_end),
                      at(times.backward_ready), at(times.backward_end), at(times.completion)});
      ++batch;
    }
    ++client;
  }
  return rows;
}

std::vector<std::int64_t> helpers(const BoundTrace& self) {
  std::vector<std::int64_t> column;
  for (const ClientTrace& client : self.trace().clients) column.push_back(number_of(client.helper));
  return column;
}

std::vector<std::int64_t> completions(const BoundTrace& self) {
  std::vector<std::int64_t> column;
  for (const ClientTrace& client : self.trace().clients) {
    column.push_back(client.batches.empty() ? -1 : client.batches.back().completion.value_or(-1));
  }
  return column;
}

// The numbers of rows one after the other, made without the GIL.
template <class Row, std::vector<Row> (*make)(const BoundTrace&)>
View<std::int64_t> numbers(const BoundTrace& self) {
  static_assert(sizeof(Row) % sizeof(std::int64_t) == 0);
  const auto rows = [&] {
    const nb::gil_scoped_release released;
    return std::make_shared<const std::vector<Row>>(make(self));
  }();
  return View<std::int64_t>(reinterpret_cast<const std::int64_t*>(rows->data()),
                            {rows->size() * (sizeof(Row) / sizeof(std::int64_t))}, kept_alive(rows));
}

nb::list events(const BoundTrace& self) {
  nb::list result;
  for (const TraceEvent& event : self.trace().events) {
    nb::dict one;
    one["time"] = event.time;
    one["kind"] = event.kind;
    if (!event.node.empty()) one["node"] = event.node;
    if (!event.text.empty()) one["text"] = event.text;
    result.append(one);
  }
  return result;
}

void bind_documents(Bound& bound) {
  bind_reading<&read_here, &read_trace_document, &parse_trace>(
      bound, "def load(path: str | os.PathLike[str], instance: Instance) -> Trace",
      "Reads a trace document of this instance. `check` says whether it can have happened.",
      "Parses the text of a trace document.");
  bind_writing<&document_bytes>(bound);
  bound
      .def(
          "check",
          [](nb::handle self, const nb::object& plan) {
            return nb::module_::import_("splitlane._core").attr("check")(self.attr("instance"), plan, self);
          },
          "plan"_a, nb::sig("def check(self, plan: Plan | Round) -> CheckResult"),
          "Holds it against the plan or round that was followed, and against what every execution must satisfy.")
      .def(
          "to_dataframe",
          [](nb::handle self, const std::string& table) {
            return nb::module_::import_("splitlane._simulate").attr("trace_dataframe")(self, table);
          },
          "table"_a = "segments",
          nb::sig("def to_dataframe(self, table: typing.Literal['segments', 'batches', 'clients', 'events'] = "
                  "'segments') -> pandas.DataFrame"),
          "A pandas table of the segments, batches, clients or events; an instant that is absent is missing.")
      .def("__repr__", [](const BoundTrace& self) {
        return fmt::format("<splitlane.Trace, {}, rule {}, makespan {} us>", trace_source_name(self.trace().source),
                           execution_rule_name(self.trace().rule), self.trace().makespan());
      });
}

void bind_properties(Bound& bound) {
  bound
      .def_prop_ro("instance",
                   [](const BoundTrace& self) { return std::const_pointer_cast<BoundInstance>(self.instance); })
      .def_prop_ro(
          "source", [](const BoundTrace& self) { return trace_source_name(self.trace().source); },
          nb::sig("def source(self) -> typing.Literal['measured', 'emulated', 'simulated']"))
      .def_prop_ro(
          "rule", [](const BoundTrace& self) { return execution_rule_name(self.trace().rule); },
          nb::sig("def rule(self) -> typing.Literal['planned', 'first-come', 'longest-tail', 'longest-path']"),
          "What ordered the lanes.")
      .def_prop_ro(
          "time_scale", [](const BoundTrace& self) { return self.trace().time_scale; },
          "Emulated or simulated time over the instance's.")
      .def_prop_ro(
          "pace_kept", [](const BoundTrace& self) { return self.trace().pace_kept; },
          "The share of layers that ended when the profile says; None where it is not emulated.")
      .def_prop_ro(
          "makespan", [](const BoundTrace& self) { return self.trace().makespan(); },
          "The latest completion, in microseconds.")
      .def_prop_ro("events", &events, nb::sig("def events(self) -> list[dict[str, int | str]]"),
                   "What happened beside the plan, in order of time, as in the document.")
      .def_prop_ro("helper", &numbers<std::int64_t, &helpers>, nb::rv_policy::reference,
                   "By client, the position of the helper that served it last; -1 is training locally.")
      .def_prop_ro("completion", &numbers<std::int64_t, &completions>, nb::rv_policy::reference,
                   "By client, of its last batch; -1 where that was not completed.")
      .def_prop_ro("_segment_numbers", &numbers<SegmentRow, &segment_rows>, nb::rv_policy::reference)
      .def_prop_ro("_batch_numbers", &numbers<BatchRow, &batch_rows>, nb::rv_policy::reference)
      .def_prop_ro(
          "segments",
          [](nb::handle self) { return nb::module_::import_("splitlane._arrays").attr("trace_segments")(self); },
          nb::sig("def segments(self) -> numpy.typing.NDArray[numpy.void]"),
          "One record a segment, helper after helper and in time order: helper and client (positions), batch (from "
          "0),\n"
          "task (0 forward, 1 backward), start, end.")
      .def_prop_ro(
          "batches",
          [](nb::handle self) { return nb::module_::import_("splitlane._arrays").attr("trace_batches")(self); },
          nb::sig("def batches(self) -> numpy.typing.NDArray[numpy.void]"),
          "One record a batch, client after client: client (position), batch (from 0), start, release, forward_end,\n"
          "backward_ready, backward_end, completion; -1 is an instant that it did not reach or does not have.");
}

}  // namespace

void bind_trace(nb::module_& module) {
  Bound bound(module, "Trace",
              "What really happened, simulated or measured, when a plan was followed. Immutable.\n\n"
              "Arrays are read-only. Times are in microseconds from the start of the round.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Trace", "splitlane.simulate with trace=True, Trace.load or Trace.from_json");
  bind_documents(bound);
  bind_properties(bound);
}

}  // namespace splitlane::python
