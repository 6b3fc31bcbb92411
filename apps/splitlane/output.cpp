#include "output.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <vector>

#include "cancellation.hpp"
#include "splitlane/error.hpp"

namespace {

bool standard_output_failed = false;

// Writes all of `bytes`, through interruptions and full non-blocking pipes. Returns 0 or the system's error number.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd room{descriptor, POLLOUT, 0};
      ::poll(&room, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void write_standard_output(std::string_view bytes) {
  const int error_number = write_all(STDOUT_FILENO, bytes);
  if (error_number == 0) return;
  standard_output_failed = true;
  throw splitlane::Error(
      splitlane::ErrorCode::kFile,
      {"standard output", "cannot write", std::generic_category().message(error_number), "room for the whole output"});
}

bool standard_output_works() { return !standard_output_failed; }

void write_standard_error(std::string_view bytes) { write_all(STDERR_FILENO, bytes); }

void write_documents(std::span<const splitlane::OutputFile> documents) {
  const TidyEnd tidy_end;
  std::vector<splitlane::OutputFile> files;
  std::vector<std::string_view> printed;
  for (const splitlane::OutputFile& document : documents) {
    if (document.path == "-") {
      printed.push_back(document.bytes);
    } else {
      files.push_back(document);
    }
  }
  splitlane::write_files_atomically(files, [&] {
    for (const std::string_view bytes : printed) write_standard_output(bytes);
  });
}

void write_document(const std::string& path, std::string_view bytes) {
  const splitlane::OutputFile document{path, bytes};
  write_documents({&document, 1});
}
