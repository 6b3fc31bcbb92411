#include "splitlane/io/profile_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/io/documents.hpp"
#include "splitlane/io/file.hpp"
#include "splitlane/io/profile_json.hpp"
#include "splitlane/io/shipped_profiles.hpp"
#include "splitlane/profile/architecture.hpp"

namespace splitlane {

namespace {

bool names_file(const std::string& name) { return name.find('/') != std::string::npos || name.ends_with(".json"); }

template <class Profile, class Parse>
Profile read_profile(const std::string& folder, const std::string& name, Parse parse) {
  const std::filesystem::path path(name);
  const std::string file = path.is_absolute() ? name : (std::filesystem::path(folder) / path).string();
  return in_file(file, [&] { return parse(read_file(file)); });
}

template <class Profile>
Profile find_shipped(const std::vector<Profile>& shipped, const std::string& name, const char* what) {
  const auto found =
      std::find_if(shipped.begin(), shipped.end(), [&](const Profile& profile) { return profile.name == name; });
  if (found != shipped.end()) return *found;
  std::vector<std::string> names;
  names.reserve(shipped.size());
  for (const Profile& profile : shipped) names.push_back(profile.name);
  throw Error(ErrorCode::kUnknownId, {"", fmt::format("no such {}", what), fmt::format("\"{}\"", name),
                                      fmt::format("one of {}, or a file", fmt::join(names, ", "))});
}

}  // namespace

ProfileSource profile_source(const std::string& folder) {
  ProfileSource source;
  source.model = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<Model>(folder, name, parse_model);
    return build_architecture(name);
  };
  source.device = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<Device>(folder, name, parse_device);
    return find_shipped(shipped_devices(), name, "device");
  };
  source.link = [folder](const std::string& name) {
    if (names_file(name)) return read_profile<LinkProfile>(folder, name, parse_link);
    return find_shipped(shipped_links(), name, "link");
  };
  return source;
}

}  // namespace splitlane
