#include "training/admission/private_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "splitlane/error.hpp"

namespace splitlane::training {

namespace {

Error file_error(const std::filesystem::path& path, const char* what) {
  return {ErrorCode::kFile, {path.string(), what + (": " + std::generic_category().message(errno)), "", ""}};
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0;
}

}  // namespace

void make_private_folder(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder.parent_path(), ignored);
  if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) throw file_error(folder, "the folder cannot be made");
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) throw file_error(folder, "cannot be read");
  if (!S_ISDIR(status.st_mode) || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw Error(ErrorCode::kFile,
                {folder.string(), "holds keys, and is no folder that its owner alone can enter", "", "mode 700"});
  }
}

void write_private_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path temporary = path.string() + ".new";
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);  // of a process that was killed
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (file < 0) throw file_error(path, "cannot be written");
  const bool written = write_all(file, bytes);
  const Error failure = file_error(path, "cannot be written");
  const bool closed = ::close(file) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), path.c_str()) != 0) {
    std::filesystem::remove(temporary, ignored);
    throw written ? file_error(path, "cannot be written") : failure;
  }
}

}  // namespace splitlane::training
