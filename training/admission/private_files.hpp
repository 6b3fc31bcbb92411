#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace splitlane::training {

/// A folder that only this user can enter, made where it is missing. Raises kFile, also for one that others can enter.
void make_private_folder(const std::filesystem::path& folder);

/// Writes a file that only this user can read, from its first byte on; a reader sees the old file or the new one.
/// Raises kFile.
void write_private_file(const std::filesystem::path& path, std::string_view bytes);

}  // namespace splitlane::training
