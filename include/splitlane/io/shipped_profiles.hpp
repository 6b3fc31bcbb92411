#pragma once

#include <vector>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/link.hpp"

namespace splitlane {

/// The documents of profiles/devices and profiles/links, which are part of the program, in order of their file names.
/// Parsed at the first call; safe to call from several threads.
const std::vector<Device>& shipped_devices();
const std::vector<LinkProfile>& shipped_links();

}  // namespace splitlane
