#pragma once

#include <nanobind/nanobind.h>

#include <string>

#include "splitlane/error.hpp"

namespace splitlane::python {

/// How a bound class is taken apart and put together again.
template <class Value>
struct Parts {
  nanobind::tuple (*taken)(const Value& value);
  /// Makes a value, in memory that holds none yet, of what `taken` gave.
  void (*put)(Value& memory, const nanobind::tuple& parts);
  bool (*same)(const Value& left, const Value& right);
};

/// Makes a bound class one of immutable values: pickled by its parts, its own copy, compared by what it says. Equal
/// ones have the same `repr`, by which they are hashed.
template <class Value>
void bind_value(nanobind::class_<Value>& bound, const Parts<Value>& parts) {
  namespace nb = nanobind;
  bound.def("__getstate__", parts.taken)
      .def("__setstate__", parts.put)
      .def("__copy__", [](const nb::handle self) { return nb::borrow(self); })
      .def("__deepcopy__", [](const nb::handle self, const nb::handle /*memo*/) { return nb::borrow(self); })
      .def(
          "__eq__",
          [same = parts.same](const Value& self, const nb::handle other) -> nb::object {
            if (!nb::isinstance<Value>(other)) return nb::borrow(Py_NotImplemented);
            const Value& that = *nb::inst_ptr<Value>(other);
            return nb::bool_(&self == &that || same(self, that));
          },
          nb::arg("other").none(), nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__hash__", [](const nb::handle self) { return nb::hash(nb::repr(self)); });
}

/// Refuses to construct what only functions make, `makers` saying which.
template <class Value>
void bind_refused_constructor(nanobind::class_<Value>& bound, const char* name, const char* makers) {
  namespace nb = nanobind;
  bound.def(
      "__init__",
      [name, makers](Value* /*memory*/, const nb::args& /*given*/, const nb::kwargs& /*named*/) {
        throw Error(ErrorCode::kUsage, {name, "has no constructor", "", makers});
      },
      nb::sig("def __init__(self, *args: object, **kwargs: object) -> None"));
}

/// The bytes of a document as parts.
inline nanobind::bytes as_bytes(const std::string& text) { return nanobind::bytes(text.data(), text.size()); }

inline std::string as_text(const nanobind::handle bytes) {
  const auto given = nanobind::cast<nanobind::bytes>(bytes);
  return {given.c_str(), given.size()};
}

}  // namespace splitlane::python
