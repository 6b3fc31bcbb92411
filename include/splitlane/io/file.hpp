#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace splitlane {

/// The whole of a file, or of standard input when `path` is "-". Raises kFile with the system's reason (a
/// directory, no such file, no permission), or where a regular file has more than `most` bytes. Leaves some capacity
/// behind the text, for `parse_instance_in_place`.
std::string read_file(const std::string& path, std::int64_t most = std::numeric_limits<std::int64_t>::max());
/// Adds bytes to the end of a file that is there: all of them, or, where that fails, none. A reader that follows the
/// file sees it grow. A program that is killed meanwhile can leave a part of them. Raises kFile.
void append_to_file(const std::string& path, std::string_view bytes);
/// Bytes that a JSON document may have: its parser takes no more.
inline constexpr std::int64_t kLongestDocument = 0xFFFF'FFFF;

/// Raises kFile unless `write_file_atomically(path, …)` can be expected to work: the folder exists and is
/// writable, and the path is neither a directory nor a file that is marked read-only. Creates nothing that stays.
void require_writable(const std::string& path);

/// Whether two paths lead to one file, by any spelling: relative or absolute, through symbolic links, by hard links,
/// as an open descriptor (/dev/fd/1); also when nothing is there yet. Never for terminals, other character devices and
/// sockets, which are not overwritten.
bool is_same_file(const std::string& one, const std::string& other);

/// Writes to a temporary file beside `path` and renames it, so a reader sees the old file or the new one, never
/// half of it; on failure the temporary is removed and kFile raised. A path that exists and is no regular file
/// (a device, a pipe) is written directly, and an open descriptor (/dev/stdout, /dev/fd/N) where it stands; a symbolic
/// link is followed. A file that is marked read-only for all is refused, also to a user who could.
void write_file_atomically(const std::string& path, std::string_view bytes);

struct OutputFile {
  std::string path;
  std::string_view bytes;
};
/// The same for several files: when one cannot be written, none is new. `before_they_appear` is called when all is
/// written and nothing can be seen yet; an error that it raises is passed on and leaves everything as it was. On a file
/// system that cannot exchange files, one that was replaced stays so if a later one cannot be renamed.
void write_files_atomically(std::span<const OutputFile> files, const std::function<void()>& before_they_appear = {});

/// Removes the temporary files that this process is writing. For a signal handler that ends the process: it only calls
/// what such a handler may.
void remove_temporary_files() noexcept;

/// SHA-256 as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace splitlane
