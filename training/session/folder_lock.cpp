#include "training/session/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

FolderLock::FolderLock(const std::filesystem::path& folder)
    // Not handed down to the processes of nodes: what may survive this process must not keep the folder.
    : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kFile,
                {folder.string(), "the folder cannot be opened: " + std::generic_category().message(errno), "", ""});
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  ::close(descriptor_);
  throw Error(ErrorCode::kFile, {folder.string(), "another training writes here at this moment", "",
                                 "another folder, or that training at its end"});
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace splitlane::training
