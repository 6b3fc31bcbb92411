#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/round.hpp"

namespace splitlane {

/// Parses a document that gives every client of the instance its number of batches (docs/json.md). Raises kUnknownId,
/// kDuplicateId and, for a client that is not there, kMissingKey; kOutOfRange for a number below 1 or above 2^53.
BatchCounts parse_batches(std::string_view bytes, const Instance& instance);

/// A whole round as a document: one client, phase or helper a line, fixed key order. `instance_sha256` is the hash of
/// the instance file.
std::string write_round(const Instance& instance, const Round& round, std::string_view instance_sha256);

}  // namespace splitlane
