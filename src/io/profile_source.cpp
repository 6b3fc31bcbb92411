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

using Listener = std::function<void(const std::string&)>;

template <class Profile, class Parse>
Profile read_profile(const std::string& folder, const std::string& name, const Listener& on_file, Parse parse) {
  const std::filesystem::path path(name);
  const std::string file = path.is_absolute() ? name : (std::filesystem::path(folder) / path).string();
  if (on_file) on_file(file);
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

ProfileSource profile_source(const std::string& folder, const Listener& on_file) {
  ProfileSource source;
  source.model = [folder, on_file](const std::string& name) {
    if (names_file(name)) return read_profile<Model>(folder, name, on_file, parse_model);
    return build_architecture(name);
  };
  source.device = [folder, on_file](const std::string& name) {
    if (names_file(name)) return read_profile<Device>(folder, name, on_file, parse_device);
    return find_shipped(shipped_devices(), name, "device");
  };
  source.link = [folder, on_file](const std::string& name) {
    if (names_file(name)) return read_profile<LinkProfile>(folder, name, on_file, parse_link);
    return find_shipped(shipped_links(), name, "link");
  };
  return source;
}

}  // namespace splitlane
