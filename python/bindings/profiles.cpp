#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "bound.hpp"
#include "numbers.hpp"
#include "paths.hpp"
#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/profile_source.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/nearest_name.hpp"
#include "splitlane/planning/scenario_request.hpp"
#include "splitlane/profile/architecture.hpp"
#include "splitlane/profile/scenario.hpp"
#include "values.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace splitlane::python {

namespace {

std::string json_text(const nb::object& document) {
  return nb::cast<std::string>(nb::module_::import_("splitlane._documents").attr("json_text")(document));
}

// A document with `format` and `version` in front, as JSON.
std::string document_text(const char* format, const nb::handle fields) {
  nb::dict document;
  document["format"] = format;
  document["version"] = 1;
  document.update(nb::borrow<nb::dict>(fields));
  return json_text(document);
}

/// What a kind of profile document is called, and where one of a name is found.
template <class Profile>
struct Kind {
  const char* format;
  const char* name;
  const char* text;
  std::function<Profile(const std::string& name)> ProfileSource::*find;
};

template <class Profile, Profile (*Parse)(std::string_view), std::string (*Write)(const Profile&)>
constexpr Parts<Profile> kProfileParts = {
    [](const Profile& self) { return nb::make_tuple(as_bytes(Write(self))); },
    [](Profile& memory, const nb::tuple& parts) { new (&memory) Profile(Parse(as_text(parts[0]))); },
    [](const Profile& left, const Profile& right) { return Write(left) == Write(right); },
};

template <class Profile, Profile (*Parse)(std::string_view), std::string (*Write)(const Profile&)>
nb::class_<Profile> bind_profile(nb::module_& module, const Kind<Profile>& kind) {
  const std::string load = "def load(path: str | os.PathLike[str]) -> " + std::string(kind.name);
  nb::class_<Profile> bound(module, kind.name, kind.text);
  bind_value(bound, kProfileParts<Profile, Parse, Write>);
  return bound
      .def(
          "__init__",
          [kind](Profile* self, const nb::args& given, const nb::kwargs& fields) {
            if (given.size() > 0) {
              throw Error(ErrorCode::kUsage, {kind.name, "the keys of its document go by name",
                                              nb::repr(given[0]).c_str(), "name=… and so on"});
            }
            new (self) Profile(Parse(document_text(kind.format, fields)));
          },
          nb::sig("def __init__(self, **fields: object) -> None"), "From the keys of its document (docs/profiles.md).")
      .def_static(
          "named", [kind](const std::string& name) { return (profile_source(".").*kind.find)(name); }, "name"_a,
          "One that is shipped.")
      .def_static(
          "load",
          [](const nb::object& path) {
            const std::string name = path_text(path);
            return in_file(name, [&] { return Parse(read_file(name)); });
          },
          "path"_a, nb::sig(load.c_str()), "Reads the document.")
      .def_static(
          "from_json", [](const std::string& text) { return Parse(text); }, "text"_a,
          "Parses the text of the document.")
      .def(
          "to_json", [](const Profile& self) { return Write(self); }, "The canonical document.")
      .def(
          "save",
          [](const Profile& self, const nb::object& path) { write_file_atomically(path_text(path), Write(self)); },
          "path"_a, nb::sig("def save(self, path: str | os.PathLike[str]) -> None"), "Writes the document.")
      .def_ro("name", &Profile::name)
      .def("__repr__",
           [kind](const Profile& self) { return "<splitlane." + std::string(kind.name) + " \"" + self.name + "\">"; });
}

// A profile itself, or the name of one that is shipped or in a file.
template <class Profile>
Profile profile_argument(const char* argument, const nb::handle value,
                         const std::function<Profile(const std::string& name)>& find) {
  if (nb::isinstance<Profile>(value)) return nb::cast<Profile>(value);
  if (!nb::isinstance<nb::str>(value) && !nb::hasattr(value, "__fspath__")) {
    throw Error(ErrorCode::kWrongType, {argument, "neither a profile nor a name", nb::repr(value).c_str(),
                                        "an object of the package, the name of a shipped one, or a file"});
  }
  return in_file(argument, [&] { return find(nb::cast<std::string>(nb::str(value))); });
}

std::vector<Device> devices_argument(const char* argument, const nb::handle values) {
  const ProfileSource source = profile_source(".");
  std::vector<Device> devices;
  for (const nb::handle value : values) devices.push_back(profile_argument<Device>(argument, value, source.device));
  if (devices.empty()) throw Error(ErrorCode::kUsage, {argument, "no device", "", "at least one"});
  return devices;
}

std::int32_t layer_argument(const nb::object& layer) {
  return static_cast<std::int32_t>(integer_argument("cuts", layer, 0, std::numeric_limits<std::int32_t>::max()));
}

std::pair<std::int32_t, std::int32_t> layer_range(const nb::object& value) {
  if (!nb::isinstance<nb::sequence>(value)) return {layer_argument(value), layer_argument(value)};
  const auto [first, last] = nb::cast<std::pair<nb::object, nb::object>>(value);
  return {layer_argument(first), layer_argument(last)};
}

// (3, 33), or ranges ((2, 9), (27, 34)).
std::optional<CutRanges> cuts_argument(const nb::object& value) {
  if (value.is_none()) return std::nullopt;
  try {
    const auto sigmas = nb::cast<std::pair<nb::object, nb::object>>(value);
    const auto sigma_1 = layer_range(sigmas.first);
    const auto sigma_2 = layer_range(sigmas.second);
    return CutRanges{sigma_1.first, sigma_1.second, sigma_2.first, sigma_2.second};
  } catch (const nb::cast_error&) {
    throw Error(ErrorCode::kUsage, {"cuts", "not cut layers", nb::repr(value).c_str(),
                                    "two layers or ranges, such as (3, 33) or ((2, 9), (27, 34))"});
  }
}

TimeScale time_scale(const std::string& unit, const nb::object& slot_us) {
  const auto time_unit = static_cast<TimeUnit>(position_of_name("time_unit", unit, kTimeUnitNames));
  if ((time_unit == TimeUnit::kSlot) == slot_us.is_none()) {
    throw Error(ErrorCode::kUsage, {"slot_us", "goes with time_unit \"slot\", and only with that", "", ""});
  }
  if (slot_us.is_none()) return {time_unit, 0};
  return {time_unit, integer_argument("slot_us", slot_us, 1, kLargestNumber)};
}

std::shared_ptr<BoundInstance> scenario(const nb::dict& named, const std::string& time_unit, const nb::object& slot_us,
                                        const nb::object& cuts) {
  const auto get = [&named](const char* name) -> nb::object { return named[name]; };
  ScenarioParameters parameters = read_scenario_parameters(arguments_of(scenario_options(), named));
  const ProfileSource source = profile_source(".");
  parameters.model = profile_argument<Model>("model", get("model"), source.model);
  parameters.scale = time_scale(time_unit, slot_us);
  const nb::object link = get("link");
  parameters.link = link.is_none() ? source.link(std::string(scenario_link_name(parameters.kind)))
                                   : profile_argument<LinkProfile>("link", link, source.link);
  parameters.client_devices = devices_argument("client_devices", get("client_devices"));
  parameters.helper_devices = devices_argument("helper_devices", get("helper_devices"));
  parameters.cuts = cuts_argument(cuts);
  const nb::gil_scoped_release released;
  MadeInstance made = make_scenario(parameters, notes_as_meta);
  return std::make_shared<BoundInstance>(std::move(made.instance), std::move(made.notes));
}

// Those that the caller has go before those that are shipped or in files.
template <class Profile>
void add_own(const char* argument, std::function<Profile(const std::string& name)>& find, const nb::handle own) {
  std::vector<Profile> profiles;
  for (const nb::handle profile : own) {
    if (!nb::isinstance<Profile>(profile)) {
      throw Error(ErrorCode::kWrongType, {argument, "not all are objects of the package", nb::repr(profile).c_str(),
                                          "a list of them; setups name shipped ones and files by themselves"});
    }
    profiles.push_back(nb::cast<Profile>(profile));
  }
  find = [profiles = std::move(profiles), otherwise = std::move(find)](const std::string& name) {
    for (const Profile& profile : profiles) {
      if (profile.name == name) return profile;
    }
    return otherwise(name);
  };
}

std::shared_ptr<BoundInstance> instance_from_setup(const nb::object& setup, const std::string& time_unit,
                                                   const nb::object& slot_us, const nb::object& models,
                                                   const nb::object& devices, const nb::object& links) {
  const bool is_document = nb::isinstance<nb::dict>(setup);
  const std::string path = is_document ? "setup" : path_text(setup);
  const std::size_t slash = path.rfind('/');
  ProfileSource source = profile_source(is_document || slash == std::string::npos ? "." : path.substr(0, slash + 1));
  add_own("models", source.model, models);
  add_own("devices", source.device, devices);
  add_own("links", source.link, links);
  const TimeScale scale = time_scale(time_unit, slot_us);
  const std::string text = is_document ? document_text("splitlane-setup", setup) : read_file(path);
  const nb::gil_scoped_release released;
  MadeInstance made = in_file(path, [&] {
    Setup parsed = parse_setup(text, source);
    parsed.scale = scale;
    return make_instance(parsed, notes_as_meta);
  });
  return std::make_shared<BoundInstance>(std::move(made.instance), std::move(made.notes));
}

template <class Profile>
std::vector<std::string> names_of(const std::vector<Profile>& profiles) {
  std::vector<std::string> names;
  for (const Profile& profile : profiles) names.push_back(profile.name);
  return names;
}

template <std::size_t Count>
nb::tuple names_tuple(const std::array<std::string_view, Count>& names) {
  nb::list list;
  for (const std::string_view name : names) list.append(nb::cast(name));
  return nb::tuple(list);
}

void bind_scenario(nb::module_& module) {
  module.attr("_USUAL_CLIENT_DEVICES") = names_tuple(kUsualClientDevices);
  module.attr("_USUAL_HELPER_DEVICES") = names_tuple(kUsualHelperDevices);
  // The module keeps pointers to what is written about its functions.
  static const std::string text = python_options_text(scenario_options());
  module.def("_scenario", &scenario, "named"_a, "time_unit"_a, "slot_us"_a.none(), "cuts"_a.none(), text.c_str());
  module.def("_instance_from_setup", &instance_from_setup, "setup"_a, "time_unit"_a, "slot_us"_a.none(), "models"_a,
             "devices"_a, "links"_a, "What `Instance.from_setup` calls.");
  module.def(
      "scenario_kinds",
      [] { return std::vector<std::string_view>(kScenarioKindNames.begin(), kScenarioKindNames.end()); },
      "Names of the recipes.");
}

}  // namespace

void bind_profiles(nb::module_& module) {
  bind_profile<Model, parse_model, write_model>(
      module, {"splitlane-model", "Model", "A network: the sizes and the work of its layers.", &ProfileSource::model})
      .def_prop_ro("layer_names", [](const Model& self) { return names_of(self.layers); })
      .def_prop_ro("layer_count", &Model::layer_count);
  bind_profile<Device, parse_device, write_device>(
      module,
      {"splitlane-device", "Device", "A client's or helper's hardware, and how fast it is.", &ProfileSource::device})
      .def_ro("ram_mb", &Device::ram_mb, "None is unbounded.");
  bind_profile<LinkProfile, parse_link, write_link>(
      module, {"splitlane-link", "Link", "What client and helper send each other through.", &ProfileSource::link});
  module.def("model_names", &architecture_names, "The networks that are shipped.");
  module.def(
      "device_names", [] { return names_of(shipped_devices()); }, "The devices that are shipped.");
  module.def(
      "link_names", [] { return names_of(shipped_links()); }, "The links that are shipped.");
  bind_scenario(module);
}

}  // namespace splitlane::python
