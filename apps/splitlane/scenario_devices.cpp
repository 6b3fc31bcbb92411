#include "scenario_devices.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "documents.hpp"
#include "profile_arguments.hpp"
#include "splitlane/profile/scenario.hpp"

std::string usual_client_devices() { return fmt::format("{}", fmt::join(splitlane::kUsualClientDevices, ",")); }

std::string usual_helper_devices() { return fmt::format("{}", fmt::join(splitlane::kUsualHelperDevices, ",")); }

std::vector<splitlane::Device> find_devices(std::string_view option, const std::string& names,
                                            const std::vector<NamedPath>& outputs) {
  const splitlane::ProfileSource source = profile_source(".", outputs);
  std::vector<splitlane::Device> devices;
  for (const std::string& name : parse_list(option, names)) {
    devices.push_back(in_file(std::string(option), [&] { return source.device(name); }));
  }
  return devices;
}
