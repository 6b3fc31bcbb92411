#include "measurements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "profile_arguments.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_csv.hpp"

std::vector<splitlane::MeasuredTimes> read_times(const std::string& path) {
  const std::string bytes = splitlane::read_file(path);
  return in_file(path, [&] { return splitlane::parse_times_csv(bytes); });
}

splitlane::MeasuredSizes read_sizes(const std::string& path) {
  const std::string bytes = splitlane::read_file(path);
  return in_file(path, [&] { return splitlane::parse_sizes_csv(bytes); });
}

const splitlane::MeasuredTimes* find_times(const std::vector<splitlane::MeasuredTimes>& table,
                                           const splitlane::Device& device) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const splitlane::MeasuredTimes& times) {
    return device.is_called(times.device);
  });
  return found == table.end() ? nullptr : &*found;
}

std::string times_path(const std::string& folder, const splitlane::Model& model) {
  return (std::filesystem::path(folder) / (model.name + "_times.csv")).string();
}

std::vector<splitlane::Device> measured_devices(const std::vector<splitlane::Device>& devices,
                                                const std::string& folder, const splitlane::Model& model,
                                                std::int64_t batch, splitlane::ZeroTimes zero_times,
                                                std::vector<std::string>& notes) {
  const std::string path = times_path(folder, model);
  const std::vector<splitlane::MeasuredTimes> table = read_times(path);
  std::vector<splitlane::Device> result;
  for (const splitlane::Device& device : devices) {
    const splitlane::MeasuredTimes* times = find_times(table, device);
    if (times == nullptr) {
      notes.push_back(fmt::format("device \"{}\" is left out: {} has no row for it", device.name, path));
      continue;
    }
    try {
      result.push_back(with_measurement(device, splitlane::make_measurement(*times, model, batch, zero_times, notes)));
    } catch (const splitlane::Error& error) {
      if (error.code() != splitlane::ErrorCode::kInconsistent) throw;
      notes.push_back(fmt::format("device \"{}\" is left out: {}", device.name, error.what()));
    }
  }
  return result;
}
