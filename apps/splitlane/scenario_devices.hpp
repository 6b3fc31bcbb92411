#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "splitlane/profile/device.hpp"

/// The devices of INFOCOM 2024, Table I, between commas.
std::string usual_client_devices();
std::string usual_helper_devices();

/// Devices by name or file, none of which is to be overwritten by an output. Raises with `option` as the place.
std::vector<splitlane::Device> find_devices(std::string_view option, const std::string& names,
                                            const std::vector<NamedPath>& outputs = {});
