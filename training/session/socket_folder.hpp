#pragma once

#include <filesystem>
#include <string>

namespace splitlane::training {

/// A folder of its own for the Unix sockets of one training, which only this user can enter. Gone with the object; that
/// of a process that was killed is removed by the next training of this user: a lock that ends with its process tells
/// whose sockets are still in use, whatever has become of the process id. A process has one at a time.
class SocketFolder {
 public:
  /// Removes what killed trainings have left. Raises kFile.
  SocketFolder();
  SocketFolder(const SocketFolder&) = delete;
  SocketFolder& operator=(const SocketFolder&) = delete;
  ~SocketFolder();

  /// "unix:FOLDER/NAME"; short, because the system takes no more than 107 characters.
  std::string address(const std::string& name) const { return "unix:" + (folder_ / name).string(); }

 private:
  void create(const std::filesystem::path& place);

  std::filesystem::path folder_;
  int descriptor_ = -1;  // holds the lock
};

/// Removes the folder that this process has, if any. For a signal handler that ends the process: it only calls what
/// such a handler may.
void remove_socket_folder() noexcept;

}  // namespace splitlane::training
