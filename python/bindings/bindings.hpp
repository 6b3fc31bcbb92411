#pragma once

#include <nanobind/nanobind.h>

// One function a file, each adding its part to the module.
namespace splitlane::python {

void bind_errors(nanobind::module_& module);
void bind_profiles(nanobind::module_& module);
void bind_instance(nanobind::module_& module);
void bind_plan(nanobind::module_& module);
void bind_planning(nanobind::module_& module);
void bind_checking(nanobind::module_& module);
void bind_what_if(nanobind::module_& module);
void bind_round(nanobind::module_& module);
void bind_trace(nanobind::module_& module);
void bind_simulating(nanobind::module_& module);

}  // namespace splitlane::python
