#include "training/measurement/this_machine.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

namespace splitlane::training {

namespace {

// x86 says "model name", a board "Model".
constexpr std::array<std::string_view, 3> kProcessorKeys = {"model name", "Model", "Hardware"};

std::string processor_name() {
  for (const std::string_view key : kProcessorKeys) {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
      const std::size_t colon = line.find(": ");
      if (line.starts_with(key) && colon != std::string::npos) return line.substr(colon + 2);
    }
  }
  return {};
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "this-machine";
  return name.data();
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(CPU_COUNT(&set), 1) : 1;
}

}  // namespace

MachineDescription this_machine() {
  constexpr std::int64_t bytes_per_megabyte = 1 << 20;
  MachineDescription machine{host_name(), processor_name(), usable_processors(), std::nullopt};
  const std::int64_t pages = sysconf(_SC_PHYS_PAGES);
  const std::int64_t page_bytes = sysconf(_SC_PAGESIZE);
  if (pages > 0 && page_bytes > 0) machine.ram_mb = pages * page_bytes / bytes_per_megabyte;
  return machine;
}

}  // namespace splitlane::training
