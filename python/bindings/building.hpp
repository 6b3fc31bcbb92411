#pragma once

#include <nanobind/nanobind.h>

#include "bound.hpp"

namespace splitlane::python {

/// The ways to an instance from arrays and tables.
void bind_building(nanobind::module_& module, nanobind::class_<BoundInstance>& bound);

}  // namespace splitlane::python
