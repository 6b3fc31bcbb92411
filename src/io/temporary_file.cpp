#include "io/temporary_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

#include "io/file_failure.hpp"
#include "splitlane/io/file.hpp"

namespace splitlane {

// The names of all temporaries of the process, in a list that only grows, since a signal handler may walk it at any
// time; a name is used again once its file is gone.
struct TemporaryFile::Name {
  std::string path;
  std::atomic<bool> is_there = false;
  bool is_taken = true;
  Name* next = nullptr;

  static inline std::atomic<Name*> first = nullptr;

  static std::mutex& mutex() {
    static std::mutex instance;
    return instance;
  }
  static Name& take() {
    const std::lock_guard lock(mutex());
    for (Name* name = first; name != nullptr; name = name->next) {
      if (!std::exchange(name->is_taken, true)) return *name;
    }
    Name* name = new Name;
    name->next = first;
    first = name;
    return *name;
  }
  void give_back() {
    is_there = false;
    const std::lock_guard lock(mutex());
    is_taken = false;
  }
};

static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

namespace {

constexpr mode_t kNewFileMode = 0666;  // less the umask, as any program's files
constexpr int kMostAttempts = 100;
constexpr std::size_t kHostDigits = 8;
constexpr std::size_t kLongestHost = 256;
constexpr std::string_view kEnd = ".tmp";

// What the names of this host's temporaries begin with. Folders can be shared with hosts whose locks do not show here.
const std::string& beginning() {
  static const std::string text = [] {
    std::array<char, kLongestHost> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0) host.fill('\0');
    return fmt::format(".splitlane-{}-", sha256_hex(host.data()).substr(0, kHostDigits));
  }();
  return text;
}

bool lock_or_fail(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

// Removes a temporary whose writer is gone.
void remove_if_stale(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat status {};
  const bool is_ours = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
  if (is_ours && lock_or_fail(descriptor)) ::unlink(path.c_str());
  ::close(descriptor);
}

// Once for each folder a process writes in, so that many files in one folder do not cost the square of their number.
void remove_stale_files(const std::filesystem::path& folder) {
  static std::mutex mutex;
  static std::set<std::string> seen;
  const std::lock_guard lock(mutex);
  std::error_code error;
  if (!seen.insert(std::filesystem::absolute(folder, error).string()).second) return;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with(beginning()) && name.ends_with(kEnd)) remove_if_stale(entry->path().string());
  }
}

}  // namespace

TemporaryFile::TemporaryFile(std::string target) : target_(std::move(target)), name_(Name::take()) {
  static std::atomic<unsigned> counter{0};
  const std::filesystem::path folder = std::filesystem::path("." / std::filesystem::path(target_)).parent_path();
  remove_stale_files(folder);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const std::string name = fmt::format("{}{}-{}{}", beginning(), ::getpid(), counter++, kEnd);
    if (create((folder / name).string())) return;
    if (errno != EEXIST) break;
  }
  const int reason = errno;
  name_.give_back();
  fail_writing(target_, reason);
}

TemporaryFile::~TemporaryFile() {
  if (name_.is_there) ::unlink(name_.path.c_str());
  name_.give_back();
  ::close(descriptor_);
}

// False with the reason in errno; EEXIST where another name may do.
bool TemporaryFile::create(const std::string& path) {
  name_.path = path;
  name_.is_there = true;  // already now, so that no signal comes in between
  do {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kNewFileMode);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) {
    name_.is_there = false;
    return false;
  }
  // Where there are no locks no process takes this one for stale. A process that tidied up between creation and lock
  // did.
  const bool is_locked = lock_or_fail(descriptor_) || errno != EWOULDBLOCK;
  struct stat status {};
  if (is_locked && ::fstat(descriptor_, &status) == 0 && status.st_nlink > 0) return true;
  name_.is_there = false;
  ::close(std::exchange(descriptor_, -1));
  errno = EEXIST;
  return false;
}

void TemporaryFile::finish() const {
  // Closing a duplicate asks for the outcome of all writes and keeps the lock.
  const int duplicate = ::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0 || ::close(duplicate) != 0) fail_writing(target_, errno);
}

void TemporaryFile::take_place_of_target(bool can_be_undone) {
  const char* path = name_.path.c_str();
  struct stat status {};
  const bool is_there = ::lstat(target_.c_str(), &status) == 0;
  // A folder would be exchanged as well.
  if (can_be_undone && is_there && S_ISREG(status.st_mode) &&
      ::renameat2(AT_FDCWD, path, AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
    outcome_ = Outcome::kExchanged;
    return;
  }
  if (::rename(path, target_.c_str()) != 0) fail_writing(target_, errno);
  name_.is_there = false;
  outcome_ = is_there ? Outcome::kReplaced : Outcome::kNew;
}

void TemporaryFile::give_place_back() noexcept {
  if (outcome_ == Outcome::kNew) ::unlink(target_.c_str());
  if (outcome_ == Outcome::kExchanged) ::rename(name_.path.c_str(), target_.c_str());
}

void remove_temporary_files() noexcept {
  for (const TemporaryFile::Name* name = TemporaryFile::Name::first; name != nullptr; name = name->next) {
    if (name->is_there) ::unlink(name->path.c_str());
  }
}

}  // namespace splitlane
