#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>

#include <memory>
#include <string>

#include "bound.hpp"
#include "paths.hpp"
#include "splitlane/io/file.hpp"

// What every class of documents about an instance has.
namespace splitlane::python {

/// Adds `load` and `from_json`: `make(instance, document)` of what `read(path, instance)` and `parse(text, instance)`
/// give. The texts are kept by their addresses.
template <auto make, auto read, auto parse, class Value>
void bind_reading(nanobind::class_<Value>& bound, const char* load_signature, const char* load_text,
                  const char* parse_text) {
  namespace nb = nanobind;
  using namespace nb::literals;
  bound
      .def_static(
          "load",
          [](const nb::object& path, const SharedInstance& instance) {
            const std::string file = path_text(path);
            const nb::gil_scoped_release released;
            return make(instance, read(file, instance->instance()));
          },
          "path"_a, "instance"_a, nb::sig(load_signature), load_text)
      .def_static(
          "from_json",
          [](const std::string& text, const SharedInstance& instance) {
            const nb::gil_scoped_release released;
            return make(instance, parse(text, instance->instance()));
          },
          "text"_a, "instance"_a, parse_text);
}

/// Adds `to_json` and `save`: `write(self)`.
template <auto write, class Value>
void bind_writing(nanobind::class_<Value>& bound) {
  namespace nb = nanobind;
  using namespace nb::literals;
  bound.def("to_json", write, nb::call_guard<nb::gil_scoped_release>(), "The document.")
      .def(
          "save",
          [](const Value& self, const nb::object& path) {
            const std::string file = path_text(path);
            const nb::gil_scoped_release released;
            write_file_atomically(file, write(self));
          },
          "path"_a, nb::sig("def save(self, path: str | os.PathLike[str]) -> None"),
          "Writes the document: the old file or the new one, never half of it.");
}

}  // namespace splitlane::python
