#pragma once

#include <nanobind/nanobind.h>

#include <string>

namespace splitlane::python {

/// The name of a file from a str or any os.PathLike. "-" is a file like any other here.
inline std::string path_text(const nanobind::object& path) {
  const nanobind::object text = nanobind::steal(PyOS_FSPath(path.ptr()));
  if (!text.is_valid()) nanobind::raise_python_error();
  const nanobind::object bytes = nanobind::module_::import_("os").attr("fsencode")(text);
  std::string name(PyBytes_AsString(bytes.ptr()), static_cast<std::size_t>(PyBytes_Size(bytes.ptr())));
  return name == "-" ? "./-" : name;
}

}  // namespace splitlane::python
