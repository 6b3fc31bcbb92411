#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/variant.h>
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
#include "splitlane/check/required_plan.hpp"
#include "splitlane/io/certificate_json.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/report/report.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using Bound = nb::class_<BoundPlan>;

static_assert(sizeof(Segment) == 24 && offsetof(Segment, task) == 4 && offsetof(Segment, start) == 8 &&
                  offsetof(Segment, end) == 16,
              "splitlane._arrays.SEGMENT says so");

std::string document_bytes(const BoundPlan& self, bool reproducible) {
  const Instance& instance = self.instance->instance();
  if (!reproducible) return write_plan(instance, self.plan(), self.instance->sha256());
  Plan plan = self.plan();
  plan.origin.runtime_ms.reset();
  return write_plan(instance, plan, self.instance->sha256());
}

BoundPlan read_here(const SharedInstance& instance, PlanDocument document) {
  return {instance, std::make_shared<const PlanDocument>(std::move(document))};
}

void save_plan(const BoundPlan& self, const nb::object& path, bool reproducible) {
  const std::string name = path_text(path);
  const nb::gil_scoped_release released;
  write_file_atomically(name, document_bytes(self, reproducible));
}

std::string representation(const BoundPlan& self) {
  const Plan& plan = self.plan();
  const std::string status = plan.proof.status == PlanStatus::kOptimal ? "optimal" : "feasible";
  return "<splitlane.Plan by " + plan.origin.method + ", " + status + ", makespan " +
         std::to_string(plan.schedule.makespan) + ", lower bound " + std::to_string(plan.proof.lower_bound) + ">";
}

std::string summary(const Instance& instance, const Plan& plan, const Trace* trace) {
  return trace == nullptr ? plan_summary(instance, plan) : trace_summary(instance, plan, *trace);
}

// What `render` makes of the plan, with what happened beside it where there is a trace. A figure of a wrong trace would
// look as trustworthy as one of a right trace.
template <auto render>
std::string shown(const BoundPlan& self, const std::optional<BoundTrace>& trace) {
  const Instance& instance = self.instance->instance();
  if (!trace) return render(instance, self.plan(), nullptr);
  const TraceDocument document = document_for(*self.instance, *trace);
  std::vector<std::string> reasons = mismatches(*self.instance, document);
  for (std::string& reason : plan_mismatches(plan_sha256(self), document)) reasons.push_back(std::move(reason));
  require_valid_trace(instance, self.plan(), document.trace, std::move(reasons),
                      {"trace", "not a valid trace of this plan", "a trace of this plan that passes `check`"});
  return render(instance, self.plan(), &document.trace);
}

void bind_documents(Bound& bound) {
  bind_reading<&read_here, &read_plan_document, &parse_plan>(
      bound, "def load(path: str | os.PathLike[str], instance: Instance) -> Plan",
      "Reads a plan document of this instance. `check` says whether it is right.",
      "Parses the text of a plan document.");
  bound
      .def("to_json", &document_bytes, "reproducible"_a = false, nb::call_guard<nb::gil_scoped_release>(),
           "The document. `reproducible` leaves runtime_ms out: same input and seed, same bytes.")
      .def("save", &save_plan, "path"_a, "reproducible"_a = false,
           nb::sig("def save(self, path: str | os.PathLike[str], reproducible: bool = False) -> None"),
           "Writes the document: the old file or the new one, never half of it.")
      .def("summary", &shown<&summary>, "trace"_a = nb::none(), nb::call_guard<nb::gil_scoped_release>(),
           "One screen of text, as the program prints it; with a trace of an execution of the plan, what that came to.")
      .def("to_svg", &shown<&gantt_svg>, "trace"_a = nb::none(), nb::call_guard<nb::gil_scoped_release>(),
           "A Gantt figure; with a trace, what happened below what was planned.")
      .def("to_trace", &shown<&chrome_trace>, "trace"_a = nb::none(), nb::call_guard<nb::gil_scoped_release>(),
           "Chrome trace events, for ui.perfetto.dev; with a trace, what happened beside what was planned.")
      .def("__repr__", &representation)
      .def(
          "_repr_html_",
          [](nb::handle self) { return nb::module_::import_("splitlane._html").attr("plan_html")(self); },
          nb::sig("def _repr_html_(self) -> str"), "What a notebook shows.");
}

// The proof is no part of the plan's document; what that says of its instance must outlive a journey, because `check`
// looks at it.
nb::tuple taken(const BoundPlan& self) {
  const Instance& instance = self.instance->instance();
  const std::string document = write_plan(instance, self.plan(), "");
  const std::string proof =
      self.plan().proof.certificate ? write_certificate(instance, *self.plan().proof.certificate, "") : std::string();
  return nb::make_tuple(std::const_pointer_cast<BoundInstance>(self.instance), as_bytes(document), as_bytes(proof),
                        self.document->instance_name, self.document->instance_sha256, self.document->sha256);
}

void put(BoundPlan& memory, const nb::tuple& parts) {
  auto instance = nb::cast<SharedInstance>(parts[0]);
  PlanDocument document = parse_plan(as_text(parts[1]), instance->instance());
  const std::string proof = as_text(parts[2]);
  if (!proof.empty()) {
    document.plan.proof.certificate =
        std::make_shared<const Certificate>(parse_certificate(proof, instance->instance()).certificate);
  }
  document.instance_name = nb::cast<std::string>(parts[3]);
  document.instance_sha256 = nb::cast<std::string>(parts[4]);
  document.sha256 = nb::cast<std::string>(parts[5]);
  new (&memory) BoundPlan{std::move(instance), std::make_shared<const PlanDocument>(std::move(document))};
}

bool same(const BoundPlan& left, const BoundPlan& right) {
  const nb::gil_scoped_release released;
  const auto* one = left.plan().proof.certificate.get();
  const auto* other = right.plan().proof.certificate.get();
  const bool same_proof = one == other || (one != nullptr && other != nullptr && *one == *other);
  return same_proof && same_instance(*left.instance, *right.instance) &&
         write_plan(left.instance->instance(), left.plan(), "") ==
             write_plan(right.instance->instance(), right.plan(), "");
}

std::vector<std::string> binding_texts(const BoundPlan& self) {
  if (!self.plan().proof.binding) return {};
  return {self.plan().proof.binding->text};
}

nb::object certificate_of(const BoundPlan& self) {
  if (!self.plan().proof.certificate) return nb::none();
  return nb::cast(BoundCertificate{self.instance, self.plan().proof.certificate, {}});
}

void bind_properties(Bound& bound) {
  bound
      .def_prop_ro("instance",
                   [](const BoundPlan& self) { return std::const_pointer_cast<BoundInstance>(self.instance); })
      .def_prop_ro("method", [](const BoundPlan& self) { return self.plan().origin.method; })
      .def_prop_ro("seed", [](const BoundPlan& self) { return self.plan().origin.seed; })
      .def_prop_ro(
          "parameters", [](const BoundPlan& self) { return document_parameters(self.plan().origin); },
          "What the method was given beyond the seed, and what it says of its run.")
      .def_prop_ro("warnings", [](const BoundPlan& self) { return self.plan().origin.warnings; })
      .def_prop_ro(
          "status",
          [](const BoundPlan& self) {
            return self.plan().proof.status == PlanStatus::kOptimal ? "optimal" : "feasible";
          },
          nb::sig("def status(self) -> typing.Literal['optimal', 'feasible']"))
      .def_prop_ro("makespan", [](const BoundPlan& self) { return self.plan().schedule.makespan; })
      .def_prop_ro(
          "lower_bound", [](const BoundPlan& self) { return self.plan().proof.lower_bound; },
          "Proven: no plan of the instance is shorter.")
      .def_prop_ro(
          "gap", [](const BoundPlan& self) { return self.plan().gap(); }, "(makespan - lower_bound) / lower_bound.")
      .def_prop_ro(
          "runtime_ms", [](const BoundPlan& self) { return self.plan().origin.runtime_ms; },
          "Wall time of the method; None where its document leaves it out.")
      .def_prop_ro("binding", &binding_texts, "Why nothing ends before the lower bound, a sentence; or empty.")
      .def_prop_ro("certificate", &certificate_of, nb::sig("def certificate(self) -> Certificate | None"),
                   "The proof of the lower bound, of a plan made here with `certificate`.");
}

// Which options the clients have is a plain view; their helpers are looked up.
nb::ndarray<nb::numpy, const std::int32_t, nb::ndim<1>> client_helpers(const BoundPlan& self) {
  const auto helpers = std::make_shared<std::vector<std::int32_t>>();
  helpers->reserve(self.plan().schedule.choice.size());
  for (const OptionIndex option : self.plan().schedule.choice) {
    const HelperIndex helper = option.is_none() ? HelperIndex::none() : self.instance->instance().helper(option);
    helpers->push_back(helper.is_none() ? -1 : static_cast<std::int32_t>(helper.value()));
  }
  const std::shared_ptr<const std::vector<std::int32_t>> owner = helpers;
  return column_view<std::int32_t>(std::span<const std::int32_t>(*owner), owner);
}

auto times_column(Time ClientTimes::*field) {
  return [field](const BoundPlan& self) { return field_view(self.plan().schedule.times, field, self.document); };
}

View<std::uint8_t> segment_bytes(const BoundPlan& self) {
  const std::span<const Segment> segments = self.plan().schedule.segments.segments();
  return View<std::uint8_t>(reinterpret_cast<const std::uint8_t*>(segments.data()), {segments.size_bytes()},
                            kept_alive(self.document));
}

void bind_arrays(Bound& bound) {
  bound
      .def_prop_ro(
          "option",
          [](const BoundPlan& self) {
            return column_view<std::int32_t>(std::span<const OptionIndex>(self.plan().schedule.choice), self.document);
          },
          nb::rv_policy::reference, "By client, the position of its option among all of the instance; -1 is none.")
      .def_prop_ro("helper", &client_helpers, nb::rv_policy::reference,
                   "By client, the position of its helper; -1 is training locally.")
      .def_prop_ro("forward_end", times_column(&ClientTimes::forward_end), nb::rv_policy::reference,
                   "By client; 0 is training locally.")
      .def_prop_ro("backward_end", times_column(&ClientTimes::backward_end), nb::rv_policy::reference,
                   "By client; 0 is training locally.")
      .def_prop_ro("completion", times_column(&ClientTimes::completion), nb::rv_policy::reference, "By client.")
      .def_prop_ro("queuing", times_column(&ClientTimes::queuing), nb::rv_policy::reference,
                   "By client, the time it waits at its helper.")
      .def_prop_ro("_segment_bytes", &segment_bytes, nb::rv_policy::reference)
      .def_prop_ro(
          "segments", [](nb::handle self) { return nb::module_::import_("splitlane._arrays").attr("segments")(self); },
          nb::sig("def segments(self) -> numpy.typing.NDArray[numpy.void]"),
          "One record a segment, helper after helper and in time order: client (position), task (0 forward,\n"
          "1 backward), start, end.")
      .def_prop_ro(
          "lane_start",
          [](const BoundPlan& self) {
            return column_view<std::int64_t>(self.plan().schedule.segments.lane_starts(), self.document);
          },
          nb::rv_policy::reference, "Segments of helper h are lane_start[h] to lane_start[h + 1]; helpers + 1 entries.")
      .def(
          "to_dataframe",
          [](nb::handle self, const std::string& table) {
            return nb::module_::import_("splitlane._frames").attr("plan_dataframe")(self, table);
          },
          "table"_a = "segments",
          nb::sig("def to_dataframe(self, table: typing.Literal['segments', 'clients', 'helpers'] = 'segments')"
                  " -> pandas.DataFrame"),
          "A pandas table of the segments, clients or helpers.");
}

}  // namespace

void bind_plan(nb::module_& module) {
  Bound bound(module, "Plan",
              "Who is served where, in what order, and how far from the optimum that can be. Immutable.\n\n"
              "Arrays are read-only. Times are in the `time_unit` of the instance.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Plan", "splitlane.plan, Plan.load or Plan.from_json");
  bind_documents(bound);
  bind_properties(bound);
  bind_arrays(bound);
}

}  // namespace splitlane::python
