#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace splitlane::training {

/// The file of this name in the folder; with ".gz" behind it where only that exists.
inline std::string plain_or_packed(const std::string& folder, std::string_view name) {
  const std::filesystem::path plain = std::filesystem::path(folder) / name;
  std::filesystem::path packed = plain;
  packed += ".gz";
  std::error_code unknown;
  return std::filesystem::exists(plain, unknown) || !std::filesystem::exists(packed, unknown) ? plain.string()
                                                                                              : packed.string();
}

}  // namespace splitlane::training
