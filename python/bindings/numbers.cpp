#include "numbers.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string.h>

#include <string>

#include "splitlane/parse_number.hpp"

namespace nb = nanobind;

namespace splitlane::python {

namespace {

std::string integer_text(const char* name, const nb::object& value) {
  return nb::str(nb::module_::import_("splitlane._arguments").attr("integer")(name, value)).c_str();
}

void add(Arguments& arguments, const Option& option, const nb::object& value) {
  switch (option.kind) {
    case OptionKind::kFlag:
    case OptionKind::kPath:  // an object, or that it is wanted: the caller sees to it
      if (!value.is(nb::handle(Py_False))) arguments.add(option.name, "");
      break;
    case OptionKind::kInteger:
      arguments.add(option.name, integer_text(option_name(option, Spelling::kPython).c_str(), value));
      break;
    case OptionKind::kIntegers: {
      arguments.add_none(option.name);
      const std::string name = option_name(option, Spelling::kPython);
      std::size_t position = 0;
      for (const nb::handle each : value) {
        const std::string place = fmt::format("{}[{}]", name, position++);
        arguments.add(option.name, integer_text(place.c_str(), nb::borrow(each)));
      }
      break;
    }
    case OptionKind::kNumber:
    case OptionKind::kPositive:
    case OptionKind::kSeconds:
      arguments.add(option.name, fmt::format("{}", nb::cast<double>(nb::float_(value))));
      break;
    case OptionKind::kMethods:
    case OptionKind::kWords:
    case OptionKind::kText:
    case OptionKind::kIdInteger:
    case OptionKind::kIdNumber:
      arguments.add_none(option.name);
      for (const nb::handle each : value) arguments.add(option.name, nb::cast<std::string>(each));
      break;
    case OptionKind::kWord:
    case OptionKind::kMethod: arguments.add(option.name, nb::cast<std::string>(value)); break;
  }
}

}  // namespace

std::int64_t integer_argument(const char* name, const nb::object& value, std::int64_t lowest, std::int64_t highest) {
  return parse_integer(name, integer_text(name, value), lowest, highest, Spelling::kPython);
}

Arguments arguments_of(std::span<const Option> options, const nb::dict& named) {
  Arguments arguments(options, Spelling::kPython);
  for (const Option& option : options) {
    const nb::str name(option_name(option, Spelling::kPython).c_str());
    if (!named.contains(name)) continue;
    const nb::object value = nb::borrow(named[name]);
    if (!value.is_none()) add(arguments, option, value);
  }
  return arguments;
}

double usual_number(std::span<const Option> options, std::string_view name) {
  return parse_number<double>(option_named(options, name).usual).value();
}

}  // namespace splitlane::python
