#include "event_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>

#include "failure.hpp"
#include "live_options.hpp"
#include "output.hpp"
#include "printable.hpp"
#include "splitlane/error.hpp"

namespace {

struct EventName {
  std::string_view name;
  std::string_view level;
};

// In the order of EventKind; docs/logs.md has the same rows, which a test compares.
constexpr std::array kEventNames = {EventName{"training_started", "info"},
                                    EventName{"listening", "info"},
                                    EventName{"dashboard", "info"},
                                    EventName{"note", "info"},
                                    EventName{"refused", "warning"},
                                    EventName{"member_joined", "info"},
                                    EventName{"member_lost", "warning"},
                                    EventName{"member_left", "info"},
                                    EventName{"round_planned", "info"},
                                    EventName{"round_finished", "info"},
                                    EventName{"round_lost", "warning"},
                                    EventName{"device_changed", "warning"},
                                    EventName{"pace_missed", "warning"},
                                    EventName{"ended_early", "warning"},
                                    EventName{"training_finished", "info"},
                                    EventName{"takes_part", "info"},
                                    EventName{"has_left", "info"},
                                    EventName{"aggregator_lost", "warning"},
                                    EventName{"failed", "error"}};
static_assert(kEventNames.size() == static_cast<std::size_t>(EventKind::kFailed) + 1);

using EventWriter = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(EventWriter& writer, std::string_view value) {
  const std::string text = printable(value);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_text(EventWriter& writer, std::string_view name, std::string_view value) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  write_text(writer, value);
}

void write_field(EventWriter& writer, const EventField& field) {
  writer.Key(field.first.data(), static_cast<rapidjson::SizeType>(field.first.size()));
  if (const auto* integer = std::get_if<std::int64_t>(&field.second)) {
    writer.Int64(*integer);
  } else if (const auto* number = std::get_if<double>(&field.second)) {
    std::isfinite(*number) ? writer.Double(*number) : writer.Null();
  } else {
    write_text(writer, std::get<std::string>(field.second));
  }
}

std::string utc_now() {
  const auto now = std::chrono::system_clock::now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now - second).count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                     milliseconds);
}

}  // namespace

EventLog::EventLog(const splitlane::Arguments& options, std::string node)
    : json_(kLogForms.at(static_cast<std::size_t>(options.word("log"))) == "json"), node_(std::move(node)) {
  if (!json_) return;
  tell_failures_by([log = *this](const splitlane::Error& error) {
    log.write(
        EventKind::kFailed, {},
        {{"code", std::string(splitlane::error_code_name(error.code()))}, {"message", std::string(error.what())}});
  });
}

void EventLog::write(EventKind kind, std::string_view text, const std::vector<EventField>& fields) const {
  if (!json_) {
    if (!text.empty()) write_standard_error(printable(text) + "\n");
    return;
  }
  rapidjson::StringBuffer buffer;
  EventWriter writer(buffer);
  const EventName& name = kEventNames.at(static_cast<std::size_t>(kind));
  writer.StartObject();
  write_text(writer, "time", utc_now());
  write_text(writer, "level", name.level);
  write_text(writer, "event", name.name);
  write_text(writer, "node", node_);
  for (const EventField& field : fields) write_field(writer, field);
  const bool has_message =
      std::ranges::any_of(fields, [](const EventField& field) { return field.first == "message"; });
  if (!text.empty() && !has_message) write_text(writer, "message", text);
  writer.EndObject();
  write_standard_error(std::string(buffer.GetString(), buffer.GetSize()) + "\n");
}
