#pragma once

#include <string>
#include <string_view>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/round.hpp"

namespace splitlane {

/// Parses a document that gives every client of the instance its number of batches (docs/json.md). Raises kUnknownId,
/// kDuplicateId and, for a client that is not there, kMissingKey; kOutOfRange for a number below 1 or above 2^53.
BatchCounts parse_batches(std::string_view bytes, const Instance& instance);

/// A round document: the round, and the instance it says it belongs to.
struct RoundDocument {
  Round round;
  std::string sha256;           ///< of the bytes it was read from, lower-case hex; empty unless it was read from a file
  std::string instance_name;    ///< empty = absent
  std::string instance_sha256;  ///< lower-case hex; empty = absent
  TimeUnit time_unit = TimeUnit::kMillisecond;
};

/// Parses a round document against its instance (docs/json.md#round). Ids must exist there (kUnknownId), every client
/// must be listed (kMissingKey) with an option that it has (kOutOfRange), and phases go with a barrier, helpers without
/// (kInconsistent, kMissingKey). Helpers that are not listed have empty lanes. Whether the round is right is for
/// `check_round`. O(document).
RoundDocument parse_round(std::string_view bytes, const Instance& instance);

/// A whole round as a document: one client, phase or helper a line, fixed key order. `instance_sha256` is the hash of
/// the instance file.
std::string write_round(const Instance& instance, const Round& round, std::string_view instance_sha256);

}  // namespace splitlane
