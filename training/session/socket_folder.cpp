#include "training/session/socket_folder.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

#include <cerrno>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

SocketFolder::SocketFolder() {
  std::error_code error;
  const std::filesystem::path place = std::filesystem::temp_directory_path(error);
  std::string name = (place / "splitlane-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) {
    const std::string reason = error ? error.message() : std::generic_category().message(errno);
    throw Error(ErrorCode::kFile, {error ? "TMPDIR" : name, "a folder for sockets cannot be made: " + reason, "",
                                   "a folder for temporary files, named by TMPDIR"});
  }
  folder_ = name;
}

SocketFolder::~SocketFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace splitlane::training
