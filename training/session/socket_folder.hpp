#pragma once

#include <filesystem>
#include <string>

namespace splitlane::training {

/// A folder of its own for the Unix sockets of one training, which only this user can enter. Gone with the object.
class SocketFolder {
 public:
  /// Raises kFile.
  SocketFolder();
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;
  ~SocketFolder();

  /// "unix:FOLDER/NAME"; short, because the system takes no more than 107 characters.
  std::string address(const std::string& name) const { return "unix:" + (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace splitlane::training
