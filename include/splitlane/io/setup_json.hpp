#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/profile/setup.hpp"

namespace splitlane {

/// Where the names in a setup lead: to a document that is shipped, or to a file beside the setup. Each raises
/// kUnknownId, or whatever is wrong with the document found.
struct ProfileSource {
  std::function<Model(const std::string& name)> model;
  std::function<Device(const std::string& name)> device;
  std::function<LinkProfile(const std::string& name)> link;
};

/// Parses a `splitlane-setup` document (docs/profiles.md) and fetches what it names. The time scale is not part of the
/// document. Throws Error with the JSON path of the first thing wrong.
Setup parse_setup(std::string_view bytes, const ProfileSource& source);

/// The JSON object `{"notes":[…]}`, for the `meta` of what `make_instance` and `make_scenario` make.
std::string notes_as_meta(const std::vector<std::string>& notes);

}  // namespace splitlane
