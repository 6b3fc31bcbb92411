#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/device.hpp"

/// The devices of INFOCOM 2024, Table I, between commas.
inline constexpr const char* kScenarioClientDevices = "rpi-4,rpi-3,jetson-nano-cpu,jetson-nano-gpu";
inline constexpr const char* kScenarioHelperDevices = "vm,apple-m1";

/// Devices by name or file. Raises with `option` as the place.
std::vector<splitlane::Device> find_devices(std::string_view option, const std::string& names);
