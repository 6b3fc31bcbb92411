#include "splitlane/io/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "splitlane/error.hpp"

namespace splitlane {

namespace {

constexpr mode_t kNewFileMode = 0666;  // less the umask, as any program's files
constexpr mode_t kPermissionBits = 07777;
constexpr std::size_t kReadBlock = std::size_t{1} << 16U;
constexpr std::size_t kSpareBytes = 256;
constexpr int kMostLinks = 40;
constexpr int kMostAttempts = 100;

[[noreturn]] void fail(const std::string& path, std::string what, int reason, std::string expected) {
  throw Error(ErrorCode::kFile, {path, std::move(what), std::generic_category().message(reason), std::move(expected)});
}

[[noreturn]] void fail_reading(const std::string& path, int reason) {
  fail(path, "cannot be read", reason, "a readable file");
}

[[noreturn]] void fail_writing(const std::string& path, int reason) {
  fail(path, "cannot be written", reason, "a writable file");
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
    number = ::open(path.c_str(), flags | O_CLOEXEC, kNewFileMode);
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
    if (count < 0 && errno != EINTR) fail_writing(path, errno);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The path behind symbolic links, whether or not anything is there yet.
std::string followed(const std::string& path) {
  std::filesystem::path current(path);
  for (int link = 0; link < kMostLinks; ++link) {
    std::error_code error;
    if (!std::filesystem::is_symlink(current, error)) return current.string();
    const std::filesystem::path target = std::filesystem::read_symlink(current, error);
    if (error) fail_writing(path, error.value());
    current = current.parent_path() / target;
  }
  fail_writing(path, ELOOP);
}

// What stands at a path; nullopt when nothing does. Raises kFile for a directory.
std::optional<struct stat> existing_target(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::nullopt;
    fail_writing(path, errno);
  }
  if (S_ISDIR(status.st_mode)) fail_writing(path, EISDIR);
  return status;
}

// A new file beside the target that is removed again unless it takes the target's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target) : target_(target) {
    static std::atomic<unsigned> counter{0};
    const std::filesystem::path folder = std::filesystem::path(target).parent_path();
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
      path_ = (folder / fmt::format(".splitlane-{}-{}.tmp", ::getpid(), counter++)).string();
      descriptor_.emplace(open_retrying(path_, O_WRONLY | O_CREAT | O_EXCL));
      if (descriptor_->number() >= 0) return;
      if (errno != EEXIST) break;
    }
    fail_writing(target, errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!is_renamed_) ::unlink(path_.c_str());
  }

  int descriptor() const { return descriptor_->number(); }

  void take_place_of_target() {
    if (!descriptor_->close()) fail_writing(target_, errno);
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail_writing(target_, errno);
    is_renamed_ = true;
  }

 private:
  std::string target_;
  std::string path_;
  std::optional<Descriptor> descriptor_;
  bool is_renamed_ = false;
};

void write_directly(const std::string& path, std::string_view bytes) {
  Descriptor descriptor(open_retrying(path, O_WRONLY));
  if (descriptor.number() < 0) fail_writing(path, errno);
  write_all(descriptor.number(), path, bytes);
  if (!descriptor.close()) fail_writing(path, errno);
}

}  // namespace

std::string read_file(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", 0);
  const Descriptor descriptor(open_retrying(path, O_RDONLY));
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) fail_reading(path, errno);
  if (S_ISDIR(status.st_mode)) fail_reading(path, EISDIR);
  return read_all(descriptor.number(), path, S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0);
}

void require_writable(const std::string& path) {
  const std::string target = followed(path);
  const std::optional<struct stat> status = existing_target(target);
  if (status && !S_ISREG(status->st_mode)) {
    if (::access(target.c_str(), W_OK) != 0) fail_writing(path, errno);
    return;
  }
  const TemporaryFile temporary(target);
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  const std::string target = followed(path);
  const std::optional<struct stat> status = existing_target(target);
  if (status && !S_ISREG(status->st_mode)) return write_directly(target, bytes);
  TemporaryFile temporary(target);
  write_all(temporary.descriptor(), target, bytes);
  // A file that is replaced keeps its permissions, as if it had been overwritten.
  if (status && ::fchmod(temporary.descriptor(), status->st_mode & kPermissionBits) != 0) fail_writing(path, errno);
  temporary.take_place_of_target();
}

}  // namespace splitlane
