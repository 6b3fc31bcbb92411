#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_reader.hpp"
#include "splitlane/profile/device.hpp"
#include "splitlane/profile/link.hpp"

// What the readers of models, devices, links and setups share.
namespace splitlane::json {

inline constexpr std::string_view kModelFormat = "splitlane-model";
inline constexpr std::string_view kDeviceFormat = "splitlane-device";
inline constexpr std::string_view kLinkFormat = "splitlane-link";
inline constexpr std::string_view kSetupFormat = "splitlane-setup";

/// All elements of an array, each read by `read(Value)`.
template <class Read>
auto read_array(Value value, Read read) {
  std::vector<decltype(read(value))> elements;
  ArrayCursor cursor(value);
  while (cursor.next()) elements.push_back(read(cursor.value()));
  return elements;
}

inline std::vector<std::string> read_strings(Value value) {
  return read_array(value, [](Value element) { return std::string(element.string()); });
}
inline std::vector<double> read_numbers(Value value) {
  return read_array(value, [](Value element) { return element.number(); });
}
inline std::vector<std::int64_t> read_integers(Value value) {
  return read_array(value, [](Value element) { return element.integer(); });
}
/// Layers count from 1.
inline std::int32_t read_layer(Value value) {
  return static_cast<std::int32_t>(value.integer(1, std::numeric_limits<std::int32_t>::max()));
}
inline std::vector<std::int32_t> read_layers(Value value) { return read_array(value, read_layer); }

/// A name, which must not be empty.
std::string read_name(Value value);

/// The keys of a device document, of which an object within another document may leave out `format`, `version` and
/// `name`; without one the device goes by its place.
Device read_device_object(Value value);

/// Runs `act`, putting `place` before the place in whatever it raises.
template <class Act>
auto at_place(const std::string& place, Act act) {
  try {
    return act();
  } catch (const Error& error) {
    ErrorParts parts = error.parts();
    parts.where = parts.where.empty() ? place : place + "." + parts.where;
    throw Error(error.code(), std::move(parts));
  }
}

}  // namespace splitlane::json
