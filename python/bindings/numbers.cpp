#include "numbers.hpp"

#include <fmt/format.h>

#include "splitlane/error.hpp"

namespace nb = nanobind;

namespace splitlane::python {

std::int64_t integer_argument(const char* name, const nb::object& value, std::int64_t lowest, std::int64_t highest) {
  const nb::object integer = nb::steal(PyNumber_Index(value.ptr()));
  if (!integer.is_valid()) nb::raise_python_error();
  int overflow = 0;
  const std::int64_t number = PyLong_AsLongLongAndOverflow(integer.ptr(), &overflow);
  if (overflow == 0 && number >= lowest && number <= highest) return number;
  throw Error(ErrorCode::kUsage, {name, "not a number in range", nb::str(integer).c_str(),
                                  fmt::format("an integer from {} to {}", lowest, highest)});
}

}  // namespace splitlane::python
