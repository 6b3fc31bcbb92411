#include "training/session/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

// Not handed down to the processes of nodes: what may survive this process must not keep the folder.
int opened(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) return descriptor;
  throw Error(ErrorCode::kFile,
              {folder.string(), "the folder cannot be opened: " + std::generic_category().message(errno), "", ""});
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : descriptor_(opened(folder)) {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw Error(ErrorCode::kFile, {folder.string(), "another training writes here at this moment", "",
                                 "another folder, or that training at its end"});
}

FolderLock::~FolderLock() { ::close(descriptor_); }

bool is_locked(const std::filesystem::path& folder) {
  const int descriptor = opened(folder);
  // Shared, so that two who look do not see each other.
  const bool is_locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return is_locked;
}

}  // namespace splitlane::training
