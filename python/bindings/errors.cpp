#include <nanobind/stl/string.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>

#include "bindings.hpp"
#include "splitlane/error.hpp"

namespace nb = nanobind;

namespace splitlane::python {

namespace {

constexpr auto kLastCode = static_cast<int>(ErrorCode::kViolations);

// Messages quote files, which may hold any bytes; those that are no text are shown as \xNN, as the program does.
nb::object text(std::string_view bytes) {
  return nb::steal(PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "backslashreplace"));
}

void set_python_error(const Error& error) {
  const nb::object type = nb::module_::import_("splitlane._errors")
                              .attr("error_class")(text(error_code_name(error.code())), exit_code(error.code()));
  const nb::object value =
      type(text(error.what()), text(error_code_name(error.code())), exit_code(error.code()), text(error.parts().where),
           text(error.parts().what), text(error.parts().got), text(error.parts().expected));
  PyErr_SetObject(type.ptr(), value.ptr());
}

void translate(const std::exception_ptr& exception, void* /*payload*/) {
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    try {
      set_python_error(error);
    } catch (nb::python_error& failure) {
      failure.restore();
    }
  }
}

ErrorCode code_named(std::string_view name) {
  for (int code = 0; code <= kLastCode; ++code) {
    if (error_code_name(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
  }
  return ErrorCode::kInternal;
}

[[noreturn]] void raise_error(const std::string& code, const std::string& where, const std::string& what,
                              const std::string& got, const std::string& expected) {
  throw Error(code_named(code), {where, what, got, expected});
}

}  // namespace

void bind_errors(nb::module_& module) {
  nb::register_exception_translator(translate);
  module.def("_raise_error", &raise_error, nb::arg("code"), nb::arg("where"), nb::arg("what"), nb::arg("got"),
             nb::arg("expected"),
             nb::sig("def _raise_error(code: str, where: str, what: str, got: str, expected: str) -> typing.NoReturn"),
             "Raises splitlane.Error with the message that the library composes.");
}

}  // namespace splitlane::python
