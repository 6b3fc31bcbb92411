#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/instance/time.hpp"

namespace splitlane {

/// Sustained speed of a device, for networks that were not measured layer by layer.
struct DeviceRates {
  std::vector<std::string> models;  ///< the networks it holds for; empty = any other
  double forward_flops_per_s = 0;
  double backward_flops_per_s = 0;
  /// The update reads weight and gradient and writes the weight: 3 * weight_bytes / bandwidth. Absent = the time of
  /// the update is part of the backward rate.
  std::optional<double> memory_bandwidth_bytes_per_s;
};

/// Measured time of every layer of one network for one batch size, in milliseconds.
struct DeviceMeasurement {
  std::string model;
  std::int64_t batch = 0;
  std::vector<double> forward_ms;
  std::vector<double> backward_ms;
  std::vector<double> update_ms;  ///< empty = part of backward_ms
  /// Layers (from 1) whose times are 0 because they were not measured. A part that holds one has no known cost.
  std::vector<std::int32_t> unmeasured_layers;
  /// Layers (from 1) measured together with those that follow, up to the next layer that is not joined, where the time
  /// of all is booked. A part that ends on one has no known cost.
  std::vector<std::int32_t> joined_layers;
  /// What was measured of a whole batch; kept as evidence, nothing is computed from it. Empty = not recorded.
  std::vector<std::int64_t> activation_bytes;
  std::vector<std::int64_t> weight_bytes;
  std::string note;  ///< opaque text that travels with the document (`meta`), such as the software measured with
};

/// A client's or helper's hardware: what is known of its speed, and its memory.
struct Device {
  std::string name;
  std::string description;
  std::string source;
  std::vector<std::string> aliases;  ///< what measurement files call it
  std::optional<Megabytes> ram_mb;   ///< nullopt = unbounded
  Megabytes reserved_mb = 0;         ///< what the system and the training framework keep for themselves
  std::optional<double> power_w;     ///< drawn while computing
  std::vector<DeviceRates> rates;
  std::vector<DeviceMeasurement> measurements;
  std::string note;  ///< opaque text that travels with the document (`meta`)

  bool is_called(std::string_view text) const;
  /// RAM that training may use; nullopt = unbounded.
  std::optional<Megabytes> usable_mb() const;
};

/// Raises kEmpty (neither rates nor measurements), kOutOfRange (a rate not above 0, a negative time), kUnequalColumns
/// (columns of a measurement of different lengths), kDuplicateId (two rates or measurements for the same thing),
/// kInconsistent (more reserved than there is).
void validate(const Device& device);

}  // namespace splitlane
