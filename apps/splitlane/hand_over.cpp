#include "hand_over.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv is POSIX's
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "application.hpp"
#include "splitlane/error.hpp"

namespace {

constexpr const char* kProgram = "splitlane-training";

// Where it is installed, or was built: beside this program; else wherever programs are found.
std::string program_beside() {
  std::error_code ignored;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const std::filesystem::path beside = self.parent_path() / kProgram;
  return std::filesystem::exists(beside, ignored) ? beside.string() : kProgram;
}

}  // namespace

void hand_over() {
  const std::string program = program_beside();
  // Threads of OpenMP that spin while they wait take the processors away from other nodes' layers.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  std::vector<std::string> words = program_arguments();
  words.front() = program;
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  execvp(program.c_str(), pointers.data());
  throw splitlane::Error(splitlane::ErrorCode::kFile,
                         {kProgram, "cannot be run: " + std::generic_category().message(errno), "",
                          "the Debian package splitlane-training, or a build with what scripts/bootstrap installs "
                          "(docs/install.md)"});
}
