#pragma once

#include <functional>
#include <string>

#include "splitlane/io/setup_json.hpp"

namespace splitlane {

/// Where names of networks, devices and links lead: to a document that is shipped, or, with a slash in it or ".json" at
/// its end, to a file; a relative one from `folder` on. `on_file` hears of each file before it is read.
ProfileSource profile_source(const std::string& folder,
                             const std::function<void(const std::string& path)>& on_file = {});

}  // namespace splitlane
