#pragma once

#include <string>
#include <string_view>

namespace splitlane {

/// The whole of a file, or of standard input when `path` is "-". Raises kFile with the system's reason (a
/// directory, no such file, no permission). Leaves some capacity behind the text, for `parse_instance_in_place`.
std::string read_file(const std::string& path);

/// Raises kFile unless `write_file_atomically(path, …)` can be expected to work: the folder exists and is
/// writable, and the path is not a directory. Creates nothing that stays.
void require_writable(const std::string& path);

/// Writes to a temporary file beside `path` and renames it, so a reader sees the old file or the new one, never
/// half of it; on failure the temporary is removed and kFile raised. A path that exists and is no regular file
/// (a device, a pipe) is written directly; a symbolic link is followed.
void write_file_atomically(const std::string& path, std::string_view bytes);

/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace splitlane
