#include <nanobind/stl/optional.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bindings.hpp"
#include "bound.hpp"
#include "building.hpp"
#include "paths.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/instance_json.hpp"
#include "splitlane/report/report.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

using Bound = nb::class_<BoundInstance>;

std::shared_ptr<BoundInstance> load_instance(const nb::object& path) {
  const std::string name = path_text(path);
  const nb::gil_scoped_release released;
  InstanceDocument document = read_instance_document(name);
  return std::make_shared<BoundInstance>(std::move(document.instance), std::move(document.sha256));
}

std::shared_ptr<BoundInstance> instance_from_json(std::string text) {
  const nb::gil_scoped_release released;
  std::string sha256 = sha256_hex(text);
  return std::make_shared<BoundInstance>(parse_instance_in_place(text), std::move(sha256));
}

void save_instance(const BoundInstance& bound, const nb::object& path) {
  const std::string name = path_text(path);
  const nb::gil_scoped_release released;
  write_file_atomically(name, write_instance(bound.instance()));
}

std::string representation(const BoundInstance& bound) {
  const Instance& instance = bound.instance();
  const std::string name = instance.name().empty() ? "" : "\"" + instance.name() + "\", ";
  return "<splitlane.Instance " + name + std::to_string(instance.client_count()) + " clients, " +
         std::to_string(instance.helper_count()) + " helpers, " + std::to_string(instance.option_count()) +
         " options, in " + std::string(kTimeUnitNames.at(static_cast<std::size_t>(instance.time_unit()))) + ">";
}

nb::tuple taken(const BoundInstance& self) {
  const std::string document = [&] {
    const nb::gil_scoped_release released;
    self.sha256();
    return write_instance(self.instance());
  }();
  return nb::make_tuple(as_bytes(document), self.sha256(), self.notes());
}

void put(BoundInstance& memory, const nb::tuple& parts) {
  std::string document = as_text(parts[0]);
  auto sha256 = nb::cast<std::string>(parts[1]);
  auto notes = nb::cast<std::vector<std::string>>(parts[2]);
  const nb::gil_scoped_release released;
  new (&memory) BoundInstance(parse_instance_in_place(document), std::move(sha256), std::move(notes));
}

bool same(const BoundInstance& left, const BoundInstance& right) {
  const nb::gil_scoped_release released;
  return same_instance(left, right);
}

nb::object frames(const nb::handle self, const char* function) {
  return nb::module_::import_("splitlane._frames").attr(function)(self);
}

void bind_documents(Bound& bound) {
  bound
      .def_static("load", &load_instance, "path"_a, nb::sig("def load(path: str | os.PathLike[str]) -> Instance"),
                  "Reads an instance document.")
      .def_static("from_json", &instance_from_json, "text"_a, "Parses the text of an instance document.")
      .def(
          "to_json", [](const BoundInstance& self) { return write_instance(self.instance()); },
          nb::call_guard<nb::gil_scoped_release>(), "The canonical document, as `save` writes it.")
      .def("save", &save_instance, "path"_a, nb::sig("def save(self, path: str | os.PathLike[str]) -> None"),
           "Writes the document: the old file or the new one, never half of it.")
      .def_prop_ro("sha256", &BoundInstance::sha256,
                   "Of the document it was read from, else of the one that `save` writes; plans name it.")
      .def(
          "info", [](const BoundInstance& self) { return instance_info(self.instance()); },
          nb::call_guard<nb::gil_scoped_release>(), "One screen of text: counts, ranges, bounds.")
      .def("__repr__", &representation)
      .def(
          "clients_dataframe", [](nb::handle self) { return frames(self, "clients_dataframe"); },
          nb::sig("def clients_dataframe(self) -> pandas.DataFrame"), "A row a client: id, number of options.")
      .def(
          "helpers_dataframe", [](nb::handle self) { return frames(self, "helpers_dataframe"); },
          nb::sig("def helpers_dataframe(self) -> pandas.DataFrame"), "A row a helper: id, memory_mb, switch_cost.")
      .def(
          "options_dataframe", [](nb::handle self) { return frames(self, "options_dataframe"); },
          nb::sig("def options_dataframe(self) -> pandas.DataFrame"),
          "A row an option, in the columns that `from_dataframes` takes.");
}

template <class Number, class Stored>
auto column(std::span<const Stored> InstanceColumns::*field) {
  return [field](const BoundInstance& self) {
    return column_view<Number>(self.instance().columns().*field, self.share());
  };
}

nb::object cut_array(const BoundInstance& self) {
  const std::span<const Cut> cuts = self.instance().columns().cut;
  if (cuts.empty()) return nb::none();
  return nb::cast(nb::ndarray<nb::numpy, const std::int32_t, nb::ndim<2>>(&cuts.data()->sigma_1, {cuts.size(), 2},
                                                                          kept_alive(self.share())),
                  nb::rv_policy::reference);
}

template <std::span<const std::int64_t> InstanceColumns::*field>
nb::object sparse_column(const BoundInstance& self) {
  if ((self.instance().columns().*field).empty()) return nb::none();
  return nb::cast(column<std::int64_t>(field)(self), nb::rv_policy::reference);
}

void bind_arrays(Bound& bound) {
  bound
      .def_prop_ro("helper_memory_mb", column<std::int64_t>(&InstanceColumns::helper_memory), nb::rv_policy::reference,
                   "By helper; -1 is unbounded.")
      .def_prop_ro("helper_switch_cost", column<std::int64_t>(&InstanceColumns::helper_switch_cost),
                   nb::rv_policy::reference, "By helper.")
      .def_prop_ro("first_option", column<std::uint32_t>(&InstanceColumns::first_option), nb::rv_policy::reference,
                   "Options of client c are first_option[c] to first_option[c + 1]; clients + 1 entries.")
      .def_prop_ro("option_helper", column<std::int32_t>(&InstanceColumns::option_helper), nb::rv_policy::reference,
                   "By option, the position of its helper; -1 is training locally.")
      .def_prop_ro("local", &sparse_column<&InstanceColumns::local>,
                   nb::sig("def local(self) -> numpy.typing.NDArray[numpy.int64] | None"),
                   "By option, the time of training locally; 0 with a helper. None when no option is local.")
      .def_prop_ro("release", column<std::int64_t>(&InstanceColumns::release), nb::rv_policy::reference,
                   "By option; 0 of a local one, as all durations are.")
      .def_prop_ro("forward", column<std::int64_t>(&InstanceColumns::forward), nb::rv_policy::reference, "By option.")
      .def_prop_ro("client_forward", column<std::int64_t>(&InstanceColumns::client_forward), nb::rv_policy::reference,
                   "By option.")
      .def_prop_ro("client_backward", column<std::int64_t>(&InstanceColumns::client_backward), nb::rv_policy::reference,
                   "By option.")
      .def_prop_ro("backward", column<std::int64_t>(&InstanceColumns::backward), nb::rv_policy::reference, "By option.")
      .def_prop_ro("tail", column<std::int64_t>(&InstanceColumns::tail), nb::rv_policy::reference, "By option.")
      .def_prop_ro("memory_mb", column<std::int64_t>(&InstanceColumns::memory_demand), nb::rv_policy::reference,
                   "By option.")
      .def_prop_ro("cut", &cut_array, nb::sig("def cut(self) -> numpy.typing.NDArray[numpy.int32] | None"),
                   "By option, sigma_1 and sigma_2; -1 where absent. None when no option names its cut layers.")
      .def_prop_ro("energy_mj", &sparse_column<&InstanceColumns::energy_mj>,
                   nb::sig("def energy_mj(self) -> numpy.typing.NDArray[numpy.int64] | None"),
                   "By option; -1 where absent. None when no option names its energy.");
}

std::vector<std::string_view> client_ids(const BoundInstance& self) {
  std::vector<std::string_view> ids;
  ids.reserve(self.instance().client_count());
  for (const ClientIndex client : self.instance().clients()) ids.push_back(self.instance().client_id(client));
  return ids;
}

std::vector<std::string_view> helper_ids(const BoundInstance& self) {
  std::vector<std::string_view> ids;
  ids.reserve(self.instance().helper_count());
  for (const HelperIndex helper : self.instance().helpers()) ids.push_back(self.instance().helper_id(helper));
  return ids;
}

void bind_properties(Bound& bound) {
  bound.def_prop_ro("name", [](const BoundInstance& self) { return self.instance().name(); })
      .def_prop_ro("time_unit",
                   [](const BoundInstance& self) {
                     return kTimeUnitNames.at(static_cast<std::size_t>(self.instance().time_unit()));
                   })
      .def_prop_ro(
          "slot_us", [](const BoundInstance& self) { return self.instance().slot_us(); },
          "Real length of a slot in microseconds, where the unit is a slot and it is known.")
      .def_prop_ro("switch_model",
                   [](const BoundInstance& self) {
                     return kSwitchModelNames.at(static_cast<std::size_t>(self.instance().switch_model()));
                   })
      .def_prop_ro("client_count", [](const BoundInstance& self) { return self.instance().client_count(); })
      .def_prop_ro("helper_count", [](const BoundInstance& self) { return self.instance().helper_count(); })
      .def_prop_ro("option_count", [](const BoundInstance& self) { return self.instance().option_count(); })
      .def_prop_ro("client_ids", &client_ids)
      .def_prop_ro("helper_ids", &helper_ids)
      .def_prop_ro(
          "notes", [](const BoundInstance& self) { return self.notes(); },
          "Remarks of `scenario` and `from_setup` on how it came about.");
}

}  // namespace

void bind_instance(nb::module_& module) {
  Bound bound(module, "Instance",
              "The problem: who can serve whom, at which cost. Immutable.\n\n"
              "Arrays are read-only views of its own memory. Times are in `time_unit`, memory is in MB.");
  bind_value(bound, {&taken, &put, &same});
  bind_refused_constructor(bound, "Instance", "Instance.load, from_json, from_arrays, from_dataframes or from_setup");
  bind_documents(bound);
  bind_properties(bound);
  bind_arrays(bound);
  bind_building(module, bound);
}

}  // namespace splitlane::python
