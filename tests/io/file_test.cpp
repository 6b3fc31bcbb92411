// Files are read whole and written whole or not at all.
#include "splitlane/io/file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/bad_input.hpp"

namespace splitlane {
namespace {

namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  FileTest() {
    std::string name = (fs::temp_directory_path() / "splitlane-io-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~FileTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t entry_count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  static void expect_file_error(const std::string& where, const std::string& got, const std::function<void()>& action) {
    testing::expect_refusal({"", "", ErrorCode::kFile, where, got, "able file"}, action);
  }

  fs::path folder_;
};

TEST_F(FileTest, WhatIsWrittenIsRead) {
  const std::string text = testing::repeated(std::string("line\0\n", 6), 100'000);
  write_file_atomically(path("a.json"), text);
  EXPECT_EQ(read_file(path("a.json")), text);
  write_file_atomically(path("a.json"), "");
  EXPECT_EQ(read_file(path("a.json")), "");
  EXPECT_EQ(entry_count(), 1U);
}

TEST_F(FileTest, FilesWithoutASizeAreReadToTheirEnd) { EXPECT_FALSE(read_file("/proc/self/status").empty()); }

TEST_F(FileTest, UnreadableFilesAreNamedWithTheReason) {
  expect_file_error(path("none"), "No such file or directory", [&] { read_file(path("none")); });
  expect_file_error(folder_.string(), "Is a directory", [&] { read_file(folder_.string()); });
  expect_file_error("", "No such file or directory", [&] { read_file(""); });
}

TEST_F(FileTest, UnwritableTargetsAreNamedBeforeAndWhenWriting) {
  for (const auto& [target, reason] :
       {std::pair(folder_.string(), "Is a directory"), std::pair(path("none/a.json"), "No such file or directory"),
        std::pair(std::string(), "No such file or directory")}) {
    if (target.empty()) continue;  // an empty name is a name in the current folder to nobody
    expect_file_error(target, reason, [&target = target] { require_writable(target); });
    expect_file_error(target, reason, [&target = target] { write_file_atomically(target, "x"); });
  }
  write_file_atomically(path("file"), "x");
  expect_file_error(path("file/a.json"), "Not a directory", [&] { require_writable(path("file/a.json")); });
}

TEST_F(FileTest, RequiringWritableLeavesNothingBehind) {
  require_writable(path("a.json"));
  EXPECT_EQ(entry_count(), 0U);
  require_writable("/dev/null");
}

TEST_F(FileTest, NewFilesGetTheUsualPermissionsAndOldOnesKeepTheirs) {
  const mode_t mask = umask(027);
  write_file_atomically(path("new"), "x");
  umask(mask);
  EXPECT_EQ(fs::status(path("new")).permissions(), fs::perms(0640));
  fs::permissions(path("new"), fs::perms(0604));
  write_file_atomically(path("new"), "y");
  EXPECT_EQ(fs::status(path("new")).permissions(), fs::perms(0604));
}

TEST_F(FileTest, SymbolicLinksAreFollowed) {
  write_file_atomically(path("target"), "old");
  fs::create_symlink("target", path("link"));
  write_file_atomically(path("link"), "new");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("target")), "new");
  fs::create_symlink("later", path("dangling"));
  write_file_atomically(path("dangling"), "made");
  EXPECT_EQ(read_file(path("later")), "made");
  fs::create_symlink("loop", path("loop"));
  expect_file_error(path("loop"), "Too many levels of symbolic links",
                    [&] { write_file_atomically(path("loop"), ""); });
}

TEST_F(FileTest, DevicesAndPipesAreWrittenDirectly) {
  write_file_atomically("/dev/null", "x");
  EXPECT_FALSE(fs::is_regular_file("/dev/null"));
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  const int reader = open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  write_file_atomically(path("pipe"), "through");
  std::string text(7, ' ');
  EXPECT_EQ(read(reader, text.data(), text.size()), 7);
  EXPECT_EQ(text, "through");
  close(reader);
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

TEST_F(FileTest, AFullDeviceIsReported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  expect_file_error("/dev/full", "No space left on device", [] { write_file_atomically("/dev/full", "x"); });
}

TEST_F(FileTest, AFullDiskLeavesTheOldFileAndNoTemporary) {
  write_file_atomically(path("a.json"), "old");
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // A limit on file size stands for the end of the disk: a write comes back short, the next one fails.
    const rlimit limit{100, 100};
    if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(2);
    const auto error = testing::error_of([&] { write_file_atomically(path("a.json"), std::string(1000, 'x')); });
    _exit(error && error->code() == ErrorCode::kFile && error->parts().got == "File too large" ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(read_file(path("a.json")), "old");
  EXPECT_EQ(entry_count(), 1U);
}

TEST_F(FileTest, WhatIsAppendedFollowsInTheSameFile) {
  write_file_atomically(path("lines"), "first\n");
  const int follower = ::open(path("lines").c_str(), O_RDONLY);
  append_to_file(path("lines"), "second\n");
  append_to_file(path("lines"), "third\n");
  std::string seen(100, '\0');
  seen.resize(static_cast<std::size_t>(std::max<ssize_t>(::read(follower, seen.data(), seen.size()), 0)));
  ::close(follower);
  EXPECT_EQ(seen, "first\nsecond\nthird\n");
  EXPECT_EQ(entry_count(), 1U);
  expect_file_error(path("none"), "No such file or directory", [&] { append_to_file(path("none"), "x"); });
}

TEST_F(FileTest, FilesLargerThanAllowedAreNotRead) {
  write_file_atomically(path("ten"), "0123456789");
  EXPECT_EQ(read_file(path("ten"), 10), "0123456789");
  testing::expect_refusal({"", "", ErrorCode::kFile, path("ten"), "10 bytes", "at most 9 bytes"},
                          [&] { read_file(path("ten"), 9); });
}

// Forks; the child ends with what `run` returns. The exit status, or -N after signal N.
int outcome_of(const std::function<int()>& run) {
  const pid_t child = fork();
  if (child == 0) _exit(run());
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST_F(FileTest, WhatCannotBeAppendedAsAWholeIsNotAppended) {
  write_file_atomically(path("lines"), "first\n");
  const int outcome = outcome_of([&] {
    const rlimit limit{100, 100};
    if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    const auto error = testing::error_of([&] { append_to_file(path("lines"), std::string(1000, 'x')); });
    return error && error->parts().got == "File too large" ? 0 : 1;
  });
  EXPECT_EQ(outcome, 0);
  EXPECT_EQ(read_file(path("lines")), "first\n");
}

TEST_F(FileTest, ASignalHandlerCanRemoveWhatIsBeingWritten) {
  const std::string first = path("first");
  const std::string second = path("second");
  const int outcome = outcome_of([&] {
    std::signal(SIGTERM, [](int signal) {
      remove_temporary_files();
      std::signal(signal, SIG_DFL);
      raise(signal);
    });
    write_files_atomically(std::vector<OutputFile>{{first, "x"}, {second, "y"}}, [&] {
      if (entry_count() == 2) raise(SIGTERM);
    });
    return 0;
  });
  EXPECT_EQ(outcome, -SIGTERM);
  EXPECT_EQ(entry_count(), 0U);
}

TEST_F(FileTest, WhatAKilledProcessLeftIsRemovedByTheNextWriterInTheFolder) {
  const OutputFile file{path("a"), "x"};
  EXPECT_EQ(outcome_of([&] {
              write_files_atomically({&file, 1}, [] { raise(SIGKILL); });
              return 0;
            }),
            -SIGKILL);
  ASSERT_EQ(entry_count(), 1U);
  // Alike, but another host's, whose locks need not show here, and no file of ours at all.
  write_file_atomically(path("others"), "");
  EXPECT_EQ(entry_count(), 1U);
  for (const char* name : {".splitlane-00000000-1-0.tmp", ".splitlane-1-1.tmp"}) {
    fs::copy_file(path("others"), path(name));
  }
  // A process of its own, since one looks only once.
  EXPECT_EQ(outcome_of([&] {
              write_file_atomically(path("b"), "y");
              return 0;
            }),
            0);
  EXPECT_EQ(entry_count(), 4U);
}

TEST_F(FileTest, WhatALivingProcessIsWritingStays) {
  const OutputFile file{path("a"), "x"};
  const int outcome = outcome_of([&] {
    write_files_atomically({&file, 1}, [&] {
      const int other = outcome_of([&] {
        write_file_atomically(path("b"), "y");
        return 0;
      });
      if (other != 0) _exit(2);
    });
    return 0;
  });
  EXPECT_EQ(outcome, 0);
  EXPECT_EQ(read_file(path("a")), "x");
  EXPECT_EQ(entry_count(), 2U);
}

TEST_F(FileTest, SeveralFilesAppearTogetherOrNotAtAll) {
  write_file_atomically(path("old"), "old");
  const std::vector<OutputFile> files{{path("new"), "1"}, {path("old"), "2"}, {path("late"), "3"}};
  const auto fail = [&] {
    EXPECT_EQ(read_file(path("old")), "old");
    throw Error(ErrorCode::kFile, {"standard output", "full", "", ""});
  };
  EXPECT_TRUE(testing::error_of([&] { write_files_atomically(files, fail); }));
  EXPECT_EQ(read_file(path("old")), "old");
  EXPECT_EQ(entry_count(), 1U);
  // A folder takes the last one's place when all is written: the others are taken back.
  const auto block = [&] { fs::create_directories(path("late/x")); };
  EXPECT_TRUE(testing::error_of([&] { write_files_atomically(files, block); }));
  EXPECT_EQ(read_file(path("old")), "old");
  EXPECT_EQ(entry_count(), 2U);
  fs::remove_all(path("late"));
  write_files_atomically(files);
  EXPECT_EQ(read_file(path("new")) + read_file(path("old")) + read_file(path("late")), "123");
  EXPECT_EQ(entry_count(), 3U);
}

TEST_F(FileTest, FilesMarkedReadOnlyAreRefusedToEveryUser) {
  write_file_atomically(path("a"), "old");
  fs::permissions(path("a"), fs::perms(0444));
  fs::create_symlink("a", path("link"));
  for (const char* name : {"a", "link"}) {
    EXPECT_TRUE(testing::error_of([&] { require_writable(path(name)); }));
    EXPECT_TRUE(testing::error_of([&] { write_file_atomically(path(name), "new"); }));
  }
  EXPECT_EQ(read_file(path("a")), "old");
}

TEST_F(FileTest, OneFileIsRecognisedByAnySpelling) {
  write_file_atomically(path("a"), "");
  write_file_atomically(path("b"), "");
  fs::create_symlink("a", path("link"));
  fs::create_hard_link(path("a"), path("hard"));
  fs::create_symlink("none", path("dangling"));
  const int descriptor = open(path("a").c_str(), O_WRONLY | O_CLOEXEC);
  const std::string opened = "/dev/fd/" + std::to_string(descriptor);
  for (const std::string& same : {path("a"), path("./a"), fs::relative(path("a")).string(), path("link"), path("hard"),
                                  opened, "/proc/self" + opened.substr(4)}) {
    EXPECT_TRUE(is_same_file(path("a"), same)) << same;
    EXPECT_FALSE(is_same_file(path("b"), same)) << same;
  }
  close(descriptor);
  EXPECT_TRUE(is_same_file(path("none"), path("dangling")));
  EXPECT_TRUE(is_same_file(path("none"), fs::relative(path("none")).string()));
  EXPECT_FALSE(is_same_file(path("none"), path("other")));
  EXPECT_FALSE(is_same_file(path("none"), path("a")));
  EXPECT_FALSE(is_same_file("/dev/null", "/dev/null"));
}

TEST_F(FileTest, OpenDescriptorsAreWrittenWhereTheyStand) {
  write_file_atomically(path("log"), "first\n");
  const int descriptor = open(path("log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
    require_writable(folder + std::to_string(descriptor));
    write_file_atomically(folder + std::to_string(descriptor), "more\n");
  }
  close(descriptor);
  EXPECT_EQ(read_file(path("log")), "first\nmore\nmore\n");
  EXPECT_EQ(entry_count(), 1U);
  EXPECT_TRUE(testing::error_of([&] { require_writable("/dev/fd/" + std::to_string(descriptor)); }));
}

TEST_F(FileTest, DescriptorsOpenedForReadingAreRefused) {
  write_file_atomically(path("a"), "old");
  const int descriptor = open(path("a").c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_TRUE(testing::error_of([&] { write_file_atomically("/dev/fd/" + std::to_string(descriptor), "x"); }));
  close(descriptor);
  EXPECT_EQ(read_file(path("a")), "old");
}

TEST(Sha256, AgreesWithThePublishedVectors) {
  // FIPS 180-4 examples: the empty message and "abc".
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace splitlane
