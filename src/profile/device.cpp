#include "splitlane/profile/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "profile/positive.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

void require_times(const std::vector<double>& times, std::size_t layers, const std::string& where) {
  if (times.size() != layers) {
    throw Error(ErrorCode::kUnequalColumns,
                {where, "columns of different lengths", fmt::format("{} layers", times.size()),
                 fmt::format("{}, as many as forward_ms", layers)});
  }
  for (std::size_t layer = 0; layer < times.size(); ++layer) {
    if (std::isfinite(times[layer]) && times[layer] >= 0) continue;
    throw Error(ErrorCode::kOutOfRange, {fmt::format("{}[{}]", where, layer), "time out of range",
                                         fmt::format("{}", times[layer]), "milliseconds, 0 or more"});
  }
}

void require_layers(const std::vector<std::int32_t>& layers, std::size_t count, const std::string& where) {
  for (std::size_t position = 0; position < layers.size(); ++position) {
    const auto limit = static_cast<std::int32_t>(count);
    const bool in_order = position == 0 || layers[position - 1] < layers[position];
    if (layers[position] >= 1 && layers[position] <= limit && in_order) continue;
    throw Error(ErrorCode::kOutOfRange,
                {fmt::format("{}[{}]", where, position), "no such layer, or out of order",
                 fmt::format("{}", layers[position]), fmt::format("layers from 1 to {}, ascending", count)});
  }
}

void require_bytes(const std::vector<std::int64_t>& bytes, std::size_t layers, const std::string& where) {
  if (bytes.empty() || bytes.size() == layers) return;
  throw Error(ErrorCode::kUnequalColumns,
              {where, "columns of different lengths", fmt::format("{} layers", bytes.size()),
               fmt::format("{}, as many as forward_ms", layers)});
}

void validate_measurement(const DeviceMeasurement& measurement, const std::string& where) {
  const std::size_t layers = measurement.forward_ms.size();
  if (layers == 0)
    throw Error(ErrorCode::kEmpty, {where + ".forward_ms", "no layer", "an empty array", "at least one"});
  if (measurement.batch < 1 || measurement.batch > kLargestNumber) {
    throw Error(ErrorCode::kOutOfRange,
                {where + ".batch", "batch size out of range", fmt::format("{}", measurement.batch), "at least 1"});
  }
  require_times(measurement.forward_ms, layers, where + ".forward_ms");
  require_times(measurement.backward_ms, layers, where + ".backward_ms");
  if (!measurement.update_ms.empty()) require_times(measurement.update_ms, layers, where + ".update_ms");
  require_layers(measurement.unmeasured_layers, layers, where + ".unmeasured_layers");
  require_layers(measurement.joined_layers, layers, where + ".joined_layers");
  require_bytes(measurement.activation_bytes, layers, where + ".activation_bytes");
  require_bytes(measurement.weight_bytes, layers, where + ".weight_bytes");
}

void validate_rates(const DeviceRates& rates, const std::string& where) {
  require_positive(rates.forward_flops_per_s, where + ".forward_flops_per_s");
  require_positive(rates.backward_flops_per_s, where + ".backward_flops_per_s");
  if (rates.memory_bandwidth_bytes_per_s) {
    require_positive(*rates.memory_bandwidth_bytes_per_s, where + ".memory_bandwidth_bytes_per_s");
  }
}

[[noreturn]] void fail_twice(const std::string& where, const std::string& what, const std::string& got) {
  throw Error(ErrorCode::kDuplicateId, {where, what, got, "each once"});
}

}  // namespace

bool Device::is_called(std::string_view text) const {
  return name == text || std::find(aliases.begin(), aliases.end(), text) != aliases.end();
}

std::optional<Megabytes> Device::usable_mb() const {
  if (!ram_mb) return std::nullopt;
  return *ram_mb - reserved_mb;
}

void validate(const Device& device) {
  if (device.rates.empty() && device.measurements.empty()) {
    throw Error(ErrorCode::kEmpty, {"rates", fmt::format("nothing is known of the speed of \"{}\"", device.name),
                                    "none", "rates, measurements or both"});
  }
  if (device.reserved_mb < 0 || (device.ram_mb && device.reserved_mb > *device.ram_mb)) {
    throw Error(ErrorCode::kInconsistent, {"reserved_mb", "more memory reserved than there is",
                                           fmt::format("{}", device.reserved_mb), "0 to ram_mb"});
  }
  if (device.power_w) require_positive(*device.power_w, "power_w");
  std::set<std::string> rated;
  for (std::size_t position = 0; position < device.rates.size(); ++position) {
    const DeviceRates& rates = device.rates[position];
    const std::string where = fmt::format("rates[{}]", position);
    validate_rates(rates, where);
    // The empty name stands for "any other network".
    if (rates.models.empty() && !rated.insert("").second) fail_twice(where, "two rates for any network", "no models");
    for (const std::string& model : rates.models) {
      if (!rated.insert(model).second) fail_twice(where + ".models", "two rates for the same network", model);
    }
  }
  std::set<std::pair<std::string, std::int64_t>> measured;
  for (std::size_t position = 0; position < device.measurements.size(); ++position) {
    const DeviceMeasurement& measurement = device.measurements[position];
    const std::string where = fmt::format("measurements[{}]", position);
    validate_measurement(measurement, where);
    if (!measured.insert({measurement.model, measurement.batch}).second) {
      fail_twice(where, "two measurements of the same network and batch size",
                 fmt::format("{}, {}", measurement.model, measurement.batch));
    }
  }
}

}  // namespace splitlane
