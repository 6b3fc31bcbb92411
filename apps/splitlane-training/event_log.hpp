#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "splitlane/planning/arguments.hpp"

/// What can happen to a node of a training. Their names and levels are in docs/logs.md.
enum class EventKind : std::uint8_t {
  kTrainingStarted,
  kListening,
  kDashboard,
  kNote,
  kRefused,
  kMemberJoined,
  kMemberLost,
  kMemberLeft,
  kRoundPlanned,
  kRoundFinished,
  kRoundLost,
  kDeviceChanged,
  kPaceMissed,
  kEndedEarly,
  kTrainingFinished,
  kTakesPart,
  kHasLeft,
  kAggregatorLost,
  kFailed
};

/// Name and value; the order is kept.
using EventField = std::pair<std::string_view, std::variant<std::int64_t, double, std::string>>;

/// Writes what happens to a node to standard error, one line an event: as text for people, where the event has one, or
/// as a JSON object with time (UTC), level, event, node and the event's fields. Safe to call from any thread; a line is
/// written as a whole. Callers never hand it a token or a key. A copy writes the same.
class EventLog {
 public:
  /// `node` is this process's: "aggregator", "helper h0". In JSON the failure that ends the program is an event, too.
  EventLog(const splitlane::Arguments& options, std::string node);

  bool is_json() const { return json_; }
  /// `text` is the line for people, without its end; empty: they are told nothing. In JSON it is the event's `message`,
  /// unless a field is called so.
  void write(EventKind kind, std::string_view text, const std::vector<EventField>& fields = {}) const;

 private:
  bool json_;
  std::string node_;
};
