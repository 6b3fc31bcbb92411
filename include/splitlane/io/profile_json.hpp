#pragma once

#include <string>
#include <string_view>

#include "splitlane/profile/device.hpp"
#include "splitlane/profile/link.hpp"
#include "splitlane/profile/model.hpp"

namespace splitlane {

/// The documents of docs/profiles.md. Each parser validates (validate of the room profile/) and throws Error with the
/// JSON path of the first thing wrong; each writer gives the canonical spelling, which parse and write reproduce byte
/// for byte. Cost O(size).

/// `splitlane-model`: one layer a line.
Model parse_model(std::string_view bytes);
std::string write_model(const Model& model);

/// `splitlane-device`: one entry of rates a line, one column of a measurement a line.
Device parse_device(std::string_view bytes);
std::string write_device(const Device& device);

/// `splitlane-link`: one speed, or shares of a distribution, one a line.
LinkProfile parse_link(std::string_view bytes);
std::string write_link(const LinkProfile& profile);

}  // namespace splitlane
