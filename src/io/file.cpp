#include "splitlane/io/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "io/file_failure.hpp"
#include "io/temporary_file.hpp"
#include "splitlane/error.hpp"

namespace splitlane {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kPermissionBits = 07777;
constexpr mode_t kWriteBits = 0222;
constexpr std::size_t kReadBlock = std::size_t{1} << 16U;
constexpr std::size_t kSpareBytes = 256;
constexpr int kMostLinks = 40;

[[noreturn]] void fail(const std::string& path, std::string what, int reason, std::string expected) {
  throw Error(ErrorCode::kFile, {path, std::move(what), std::generic_category().message(reason), std::move(expected)});
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }
  /// False when the system reports a delayed failure of a write; errno says which.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

int open_retrying(const std::string& path, int flags) {
  int number = -1;
  do {
    number = ::open(path.c_str(), flags | O_CLOEXEC);
  } while (number < 0 && errno == EINTR);
  return number;
}

std::string read_all(int descriptor, const std::string& path, std::size_t expected_size) {
  std::string bytes;
  // More than the file is said to have: the end is then seen without growing, and parsers find their padding.
  bytes.resize(expected_size + kSpareBytes);
  std::size_t size = 0;
  while (true) {
    if (size == bytes.size()) bytes.resize(bytes.size() + std::max(kReadBlock, bytes.size()));
    const ssize_t count = ::read(descriptor, bytes.data() + size, bytes.size() - size);
    if (count == 0) break;
    if (count > 0) size += static_cast<std::size_t>(count);
    if (count < 0 && errno != EINTR) fail_reading(path, errno);
  }
  bytes.resize(size);
  return bytes;
}

void write_all(int descriptor, const std::string& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      fail_writing(path, errno);
    }
  }
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

// The links in /proc/PID/fd open what a process has open; what they read as is no path to it.
bool is_descriptor(const fs::path& path) {
  struct statfs status {};
  return ::statfs(folder_of(path).c_str(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

// The path behind symbolic links, whether or not anything is there yet.
fs::path followed(const std::string& path, std::error_code& error) {
  fs::path current(path);
  for (int link = 0; link < kMostLinks; ++link) {
    std::error_code ignored;
    if (!fs::is_symlink(current, ignored) || is_descriptor(current)) return current;
    const fs::path target = fs::read_symlink(current, error);
    if (error) return current;
    current = current.parent_path() / target;
  }
  error = std::make_error_code(std::errc::too_many_symbolic_link_levels);
  return current;
}

// N for /proc/self/fd/N by any spelling. Opening that anew would start at its beginning, over what is there.
std::optional<int> own_descriptor(const fs::path& path) {
  if (!is_descriptor(path)) return std::nullopt;
  std::error_code error;
  const fs::path folder = fs::canonical(folder_of(path), error);
  const fs::path own = fs::canonical("/proc/self/fd", error);
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, reason] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error || folder != own || reason != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

enum class Way { kReplaced, kOpened, kDescriptor };

// Where a document goes, and how.
struct Target {
  std::string path;
  Way way = Way::kReplaced;
  int descriptor = -1;
  std::optional<mode_t> mode;  ///< of the file that is there
};

// Raises kFile for a directory and for what may not be written.
Target target_of(const std::string& path) {
  std::error_code error;
  Target target;
  target.path = followed(path, error).string();
  if (error) fail_writing(path, error.value());
  if (const std::optional<int> number = own_descriptor(target.path)) {
    const int flags = ::fcntl(*number, F_GETFL);
    if (flags < 0) fail_writing(path, errno);
    if ((flags & O_ACCMODE) == O_RDONLY) fail_writing(path, EBADF);
    target.way = Way::kDescriptor;
    target.descriptor = *number;
    return target;
  }
  struct stat status {};
  if (::stat(target.path.c_str(), &status) != 0) {
    if (errno != ENOENT) fail_writing(path, errno);
    return target;
  }
  if (S_ISDIR(status.st_mode)) fail_writing(path, EISDIR);
  if (::access(target.path.c_str(), W_OK) != 0) fail_writing(path, errno);
  if (!S_ISREG(status.st_mode) || is_descriptor(target.path)) {
    target.way = Way::kOpened;
    return target;
  }
  // The superuser may write it all the same, and by renaming every user could; the owner who marked it did not mean
  // that.
  if ((status.st_mode & kWriteBits) == 0) {
    throw Error(ErrorCode::kFile, {path, "cannot be written", "a file marked read-only", "a writable file"});
  }
  target.mode = status.st_mode;
  return target;
}

void write_through(const Target& target, std::string_view bytes) {
  if (target.way == Way::kDescriptor) return write_all(target.descriptor, target.path, bytes);
  Descriptor descriptor(open_retrying(target.path, O_WRONLY | O_APPEND));
  if (descriptor.number() < 0) fail_writing(target.path, errno);
  write_all(descriptor.number(), target.path, bytes);
  if (!descriptor.close()) fail_writing(target.path, errno);
}

void write_temporary(const TemporaryFile& temporary, const Target& target, std::string_view bytes) {
  write_all(temporary.descriptor(), target.path, bytes);
  // A file that is replaced keeps its permissions, as if it had been overwritten.
  if (target.mode && ::fchmod(temporary.descriptor(), *target.mode & kPermissionBits) != 0) {
    fail_writing(target.path, errno);
  }
  temporary.finish();
}

// All or none.
void take_places(std::deque<TemporaryFile>& temporaries) {
  for (std::size_t index = 0; index < temporaries.size(); ++index) {
    try {
      temporaries[index].take_place_of_target(temporaries.size() > 1);
    } catch (const Error&) {
      while (index > 0) temporaries[--index].give_place_back();
      throw;
    }
  }
}

bool is_same_inode(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

}  // namespace

void fail_reading(const std::string& path, int reason) { fail(path, "cannot be read", reason, "a readable file"); }

void fail_writing(const std::string& path, int reason) { fail(path, "cannot be written", reason, "a writable file"); }

std::string read_file(const std::string& path, std::int64_t most) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", 0);
  const Descriptor descriptor(open_retrying(path, O_RDONLY));
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) fail_reading(path, errno);
  if (S_ISDIR(status.st_mode)) fail_reading(path, EISDIR);
  // Before there is memory for it.
  if (S_ISREG(status.st_mode) && status.st_size > most) {
    throw Error(ErrorCode::kFile,
                {path, "too large", fmt::format("{} bytes", status.st_size), fmt::format("at most {} bytes", most)});
  }
  return read_all(descriptor.number(), path, S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0);
}

void require_writable(const std::string& path) {
  const Target target = target_of(path);
  if (target.way != Way::kReplaced) return;
  const fs::path folder = folder_of(target.path);
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) fail_writing(path, errno);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail_writing(path, errno);
}

bool is_same_file(const std::string& one, const std::string& other) {
  struct stat first {};
  struct stat second {};
  const bool is_there = ::stat(one.c_str(), &first) == 0;
  if (is_there != (::stat(other.c_str(), &second) == 0)) return false;
  if (is_there) return is_same_inode(first, second) && !S_ISCHR(first.st_mode) && !S_ISSOCK(first.st_mode);
  std::error_code error;
  const fs::path first_path = followed(one, error);
  const fs::path second_path = followed(other, error);
  return !error && first_path.filename() == second_path.filename() &&
         ::stat(folder_of(first_path).c_str(), &first) == 0 && ::stat(folder_of(second_path).c_str(), &second) == 0 &&
         is_same_inode(first, second);
}

void append_to_file(const std::string& path, std::string_view bytes) {
  Descriptor descriptor(open_retrying(path, O_WRONLY | O_APPEND));
  struct stat before {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &before) != 0) fail_writing(path, errno);
  try {
    write_all(descriptor.number(), path, bytes);
  } catch (const Error&) {
    // Should this fail too, the first reason still says more.
    [[maybe_unused]] const int outcome = ::ftruncate(descriptor.number(), before.st_size);
    throw;
  }
  if (!descriptor.close()) fail_writing(path, errno);
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  const OutputFile file{path, bytes};
  write_files_atomically({&file, 1});
}

void write_files_atomically(std::span<const OutputFile> files, const std::function<void()>& before_they_appear) {
  std::deque<TemporaryFile> temporaries;
  std::deque<std::pair<Target, std::string_view>> others;
  for (const OutputFile& file : files) {
    Target target = target_of(file.path);
    if (target.way != Way::kReplaced) {
      others.emplace_back(std::move(target), file.bytes);
      continue;
    }
    write_temporary(temporaries.emplace_back(target.path), target, file.bytes);
  }
  for (const auto& [target, bytes] : others) write_through(target, bytes);
  if (before_they_appear) before_they_appear();
  take_places(temporaries);
}

}  // namespace splitlane
