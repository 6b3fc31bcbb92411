#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "splitlane/planning/arguments.hpp"

namespace splitlane::python {

/// A whole number in a range, whatever type it has. Raises kUsage naming the argument, ArgumentError for what is none.
std::int64_t integer_argument(const char* name, const nanobind::object& value, std::int64_t lowest,
                              std::int64_t highest);

/// Named arguments of a call as the options that they are; None is not given. Raises ArgumentError.
Arguments arguments_of(std::span<const Option> options, const nanobind::dict& named);

/// The default of an option, which is a number.
double usual_number(std::span<const Option> options, std::string_view name);

}  // namespace splitlane::python
