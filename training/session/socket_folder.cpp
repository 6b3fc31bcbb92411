#include "training/session/socket_folder.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

#include <cerrno>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

SocketFolder::SocketFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "splitlane-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorCode::kFile,
                {name, "a folder for sockets cannot be made: " + std::generic_category().message(errno), "", ""});
  }
  folder_ = name;
}

SocketFolder::~SocketFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace splitlane::training
