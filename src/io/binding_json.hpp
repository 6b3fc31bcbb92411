#pragma once

#include <simdjson.h>

#include <optional>

#include "io/id_finder.hpp"
#include "io/json_writer.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/binding.hpp"

namespace splitlane::json {

/// The field `binding` of an open object.
void write_binding(DocumentWriter& writer, const Instance& instance, const Binding& binding);

/// What `write_binding` wrote; nothing for anything else, since it stands where a document is free.
std::optional<Binding> read_binding(const simdjson::dom::object& fields, IdFinder<ClientIndex>& clients,
                                    IdFinder<HelperIndex>& helpers);

}  // namespace splitlane::json
