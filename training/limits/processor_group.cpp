#include "training/limits/processor_group.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <thread>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/io/file.hpp"

namespace splitlane::training {

namespace {

constexpr std::int64_t kUsualPeriodUs = 10'000;
constexpr std::int64_t kLongestPeriodUs = 1'000'000;
constexpr std::int64_t kLeastQuotaUs = 1'000;
// A group whose last process has ended can be busy for a moment.
constexpr int kRemovals = 100;
constexpr std::chrono::milliseconds kBetweenRemovals{10};

constexpr std::string_view kAdvice =
    "a user who may make control groups: root, or a command run by `systemd-run --user --scope -p Delegate=yes`";

std::vector<std::string> words_of(std::string_view text, char separator) {
  std::vector<std::string> words;
  std::istringstream stream{std::string(text)};
  for (std::string word; std::getline(stream, word, separator);) words.push_back(word);
  return words;
}

bool has_word(std::string_view list, char separator, std::string_view word) {
  return std::ranges::any_of(words_of(list, separator), [word](const std::string& one) { return one == word; });
}

/// A line of mountinfo that mounts control groups.
struct GroupMount {
  int version = 1;
  std::string root;   // which group of the system is mounted
  std::string point;  // and where
};

// ID PARENT DEVICE ROOT POINT OPTIONS [FIELDS] - TYPE SOURCE OPTIONS
std::optional<GroupMount> group_mount(const std::string& line) {
  const std::vector<std::string> words = words_of(line, ' ');
  const auto dash = std::ranges::find(words, "-");
  constexpr std::ptrdiff_t before = 5;
  constexpr std::ptrdiff_t behind = 4;
  if (dash - words.begin() < before || words.end() - dash < behind) return std::nullopt;
  const std::string& type = *(dash + 1);
  if (type == "cgroup2") return GroupMount{2, words[3], words[4]};
  if (type == "cgroup" && has_word(*(dash + 3), ',', "cpu")) return GroupMount{1, words[3], words[4]};
  return std::nullopt;
}

// NUMBER:CONTROLLERS:PATH; of version 2 the controllers are left out.
std::optional<std::string> own_group(std::string_view cgroup, int version) {
  for (const std::string& line : words_of(cgroup, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (version == 2 ? controllers.empty() : has_word(controllers, ',', "cpu")) return line.substr(second + 1);
  }
  return std::nullopt;
}

// In one write, as control files demand. Returns the system's reason where it failed, 0 otherwise.
int written_to(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int failure = write(descriptor, text.data(), text.size()) < 0 ? errno : 0;
  close(descriptor);
  return failure;
}

void write_control(const std::filesystem::path& file, std::string_view text) {
  const int failure = written_to(file, text);
  if (failure == 0) return;
  throw Error(ErrorCode::kFile, {file.string(), "cannot be written: " + std::generic_category().message(failure),
                                 std::string(text), std::string(kAdvice)});
}

}  // namespace

GroupPlace group_place(std::string_view mountinfo, std::string_view cgroup) {
  std::optional<GroupMount> found;
  for (const std::string& line : words_of(mountinfo, '\n')) {
    const std::optional<GroupMount> mount = group_mount(line);
    // Where both versions are there, the first has the controller.
    if (mount && (!found || mount->version < found->version)) found = mount;
  }
  const std::optional<std::string> own = found ? own_group(cgroup, found->version) : std::nullopt;
  if (!own) {
    throw Error(ErrorCode::kFile, {"/proc/self/cgroup", "this system has no control groups that limit processor time",
                                   "", "Linux with the cpu controller mounted"});
  }
  std::string_view below = *own;
  if (found->root != "/" && below.starts_with(found->root)) below.remove_prefix(found->root.size());
  while (below.starts_with('/')) below.remove_prefix(1);
  return {below.empty() ? std::filesystem::path(found->point) : std::filesystem::path(found->point) / below,
          found->version};
}

GroupPlace own_group_place() { return group_place(read_file("/proc/self/mountinfo"), read_file("/proc/self/cgroup")); }

ShareQuota quota_of(double share) {
  const auto needed = static_cast<std::int64_t>(std::ceil(static_cast<double>(kLeastQuotaUs) / share));
  const std::int64_t period = std::clamp(needed, kUsualPeriodUs, kLongestPeriodUs);
  const std::int64_t quota = std::llround(share * static_cast<double>(period));
  return {std::max(kLeastQuotaUs, quota), period};
}

ProcessorGroup::ProcessorGroup(const GroupPlace& place, const std::string& name)
    : place_(place), folder_(place.folder / name) {
  // In version 2 a group hands its controllers down only when told to.
  if (place.version == 2) write_control(place.folder / "cgroup.subtree_control", "+cpu");
  std::error_code error;
  if (!std::filesystem::create_directory(folder_, error)) {
    throw Error(ErrorCode::kFile,
                {folder_.string(), "the control group cannot be made: " + (error ? error.message() : "it is there"), "",
                 std::string(kAdvice)});
  }
}

ProcessorGroup::~ProcessorGroup() {
  for (int removal = 0; removal < kRemovals; ++removal) {
    std::ifstream members(folder_ / "cgroup.procs");
    for (std::string member; std::getline(members, member);) written_to(place_.folder / "cgroup.procs", member);
    if (rmdir(folder_.c_str()) == 0 || errno == ENOENT) return;
    std::this_thread::sleep_for(kBetweenRemovals);
  }
}

void ProcessorGroup::take_in(pid_t process) const {
  write_control(folder_ / "cgroup.procs", fmt::format("{}", process));
}

void ProcessorGroup::set_share(double share) const {
  const ShareQuota quota = quota_of(share);
  set_quota(fmt::format("{}", quota.quota_us), fmt::format("{}", quota.period_us));
}

void ProcessorGroup::lift_share() const {
  set_quota(place_.version == 2 ? "max" : "-1", fmt::format("{}", kUsualPeriodUs));
}

void ProcessorGroup::set_quota(const std::string& quota, const std::string& period) const {
  if (place_.version == 2) {
    write_control(folder_ / "cpu.max", quota + " " + period);
    return;
  }
  write_control(folder_ / "cpu.cfs_period_us", period);
  write_control(folder_ / "cpu.cfs_quota_us", quota);
}

}  // namespace splitlane::training
