#pragma once

#include "io/json_reader.hpp"
#include "io/json_writer.hpp"
#include "training/limits/node_limit.hpp"

namespace splitlane::training {

/// Raises what is wrong with it, kInconsistent for cores from a later round on.
NodeLimit read_node_limit(json::Value value);
void write_node_limit(json::DocumentWriter& writer, const NodeLimit& limit);

/// For an object of a training document that is about one device, under the keys "client" or "helper". Raises
/// kMissingKey or kInconsistent.
void require_one_device(const json::ObjectCursor& fields, std::size_t client_key, std::size_t helper_key);

}  // namespace splitlane::training
