#include "profile_arguments.hpp"

#include <fmt/format.h>

#include "output.hpp"

splitlane::ProfileSource profile_source(const std::string& folder, const std::vector<NamedPath>& outputs) {
  return splitlane::profile_source(folder, [outputs](const std::string& path) {
    require_outputs(outputs, {{"a profile that is read", path}});
  });
}

std::vector<splitlane::Device> find_devices(const std::string& where, std::span<const std::string> names,
                                            const std::vector<NamedPath>& outputs) {
  const splitlane::ProfileSource source = profile_source(".", outputs);
  std::vector<splitlane::Device> devices;
  for (const std::string& name : names) devices.push_back(in_file(where, [&] { return source.device(name); }));
  return devices;
}

void write_notes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) write_standard_error(fmt::format("note: {}\n", note));
}
