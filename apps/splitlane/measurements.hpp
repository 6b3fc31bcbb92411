#pragma once

#include <string>
#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/measurement.hpp"
#include "splitlane/profile/model.hpp"

/// The rows of a table of layer times. Errors name the file.
std::vector<splitlane::MeasuredTimes> read_times(const std::string& path);
splitlane::MeasuredSizes read_sizes(const std::string& path);

/// The rows of the device of that name or alias; nullptr when the table has none.
const splitlane::MeasuredTimes* find_times(const std::vector<splitlane::MeasuredTimes>& table,
                                           const splitlane::Device& device);

/// FOLDER/MODEL_times.csv
std::string times_path(const std::string& folder, const splitlane::Model& model);

/// `devices` with the times of `times_path` in place of their own. Devices that the table lacks or has only
/// zeros for are left out with a note.
std::vector<splitlane::Device> measured_devices(const std::vector<splitlane::Device>& devices,
                                                const std::string& folder, const splitlane::Model& model,
                                                std::int64_t batch, splitlane::ZeroTimes zero_times,
                                                std::vector<std::string>& notes);
