#pragma once

#include "io/json_writer.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"

namespace splitlane::json {

/// The field `binding` of an open object.
void write_binding(DocumentWriter& writer, const Instance& instance, const Binding& binding);

}  // namespace splitlane::json
