#include "training/session/socket_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

constexpr std::string_view kBeginning = "splitlane-sockets-";
constexpr std::size_t kEntriesAtOnce = 4096;  // bytes
constexpr int kMostSweeps = 8;
constexpr int kMostAttempts = 100;

// Of the folder that this process has, where a signal handler finds it.
struct Own {
  std::atomic<int> descriptor = -1;
  std::string path;
};
Own& own() {
  static Own instance;
  return instance;
}
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

// Only by what a signal handler may call. True where there was something.
bool remove_sockets(int descriptor) {
  alignas(dirent64) std::array<std::byte, kEntriesAtOnce> entries{};
  bool found = false;
  lseek(descriptor, 0, SEEK_SET);
  for (ssize_t size = 0; (size = getdents64(descriptor, entries.data(), entries.size())) > 0;) {
    for (ssize_t at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries.data() + at);
      at += entry->d_reclen;
      struct stat status {};
      const char* const name = static_cast<const char*>(entry->d_name);
      if (fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISSOCK(status.st_mode)) continue;
      found = unlinkat(descriptor, name, 0) == 0 || found;
    }
  }
  return found;
}

// A helper that has not ended yet may listen once more while its folder is removed.
void remove_folder(int descriptor, const char* path) {
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    const bool found = remove_sockets(descriptor);
    if (rmdir(path) == 0 || !found) return;
  }
}

int open_folder(const char* path) { return ::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }

bool lock(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

void remove_if_left(const std::filesystem::path& folder) {
  const int descriptor = open_folder(folder.c_str());
  if (descriptor < 0) return;
  struct stat status {};
  const bool is_ours = ::fstat(descriptor, &status) == 0 && status.st_uid == ::geteuid();
  if (is_ours && lock(descriptor)) remove_folder(descriptor, folder.c_str());
  ::close(descriptor);
}

void remove_left_folders(const std::filesystem::path& place) {
  std::error_code error;
  std::filesystem::directory_iterator entry(place, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().filename().string().starts_with(kBeginning)) remove_if_left(entry->path());
  }
}

[[noreturn]] void fail_making(const std::string& where, const std::string& reason) {
  throw Error(ErrorCode::kFile, {where, "a folder for sockets cannot be made: " + reason, "",
                                 "a folder for temporary files, named by TMPDIR"});
}

}  // namespace

SocketFolder::SocketFolder() {
  std::error_code error;
  const std::filesystem::path place = std::filesystem::temp_directory_path(error);
  if (error) fail_making("TMPDIR", error.message());
  remove_left_folders(place);
  create(place);
  own().path = folder_.string();
  own().descriptor = descriptor_;
}

// Another training may take the folder for a left one, and remove it, between its making and its lock; then a further
// one is made.
void SocketFolder::create(const std::filesystem::path& place) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    std::string name = (place / std::string(kBeginning).append("XXXXXX")).string();
    if (mkdtemp(name.data()) == nullptr) fail_making(name, std::generic_category().message(errno));
    descriptor_ = open_folder(name.c_str());
    if (descriptor_ < 0) continue;
    // Where there are no locks no training takes this folder for a left one.
    const bool is_locked = lock(descriptor_) || errno != EWOULDBLOCK;
    folder_ = name;
    if (is_locked && std::filesystem::is_directory(folder_)) return;
    ::close(descriptor_);
  }
  fail_making(place.string(), "other trainings remove it");
}

SocketFolder::~SocketFolder() {
  own().descriptor = -1;
  remove_folder(descriptor_, folder_.c_str());
  ::close(descriptor_);
}

void remove_socket_folder() noexcept {
  const int descriptor = own().descriptor;
  if (descriptor >= 0) remove_folder(descriptor, own().path.c_str());
}

}  // namespace splitlane::training
