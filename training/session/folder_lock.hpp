#pragma once

#include <filesystem>

namespace splitlane::training {

/// While alive, the folder is this training's alone. The system gives it back when the process ends, however that ends,
/// and nothing is written. On a file system without locks nobody is kept out.
class FolderLock {
 public:
  /// Raises kFile where another training has the folder, or where it cannot be opened.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_ = -1;
};

/// Whether a training has the folder at this moment. Raises kFile where it cannot be opened.
bool is_locked(const std::filesystem::path& folder);

}  // namespace splitlane::training
