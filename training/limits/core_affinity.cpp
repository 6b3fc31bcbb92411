#include "training/limits/core_affinity.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>

#include <algorithm>

#include "splitlane/error.hpp"
#include "training/limits/processor_limit.hpp"

namespace splitlane::training {

namespace {

static_assert(kLastCore < CPU_SETSIZE);

void run_on(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

std::vector<int> allowed_cores() {
  std::vector<int> cores;
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core <= kLastCore; ++core) {
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  }
  return cores;
}

void require_allowed_cores(const std::vector<int>& cores, const char* where) {
  const std::vector<int> allowed = allowed_cores();
  for (const int core : cores) {
    if (std::ranges::binary_search(allowed, core)) continue;
    throw Error(ErrorCode::kOutOfRange, {where, "no core that this program may run on", fmt::format("{}", core),
                                         fmt::format("one of {}", fmt::join(allowed, ", "))});
  }
}

CoreAffinity::CoreAffinity(const std::vector<int>& cores) {
  if (cores.empty()) return;
  require_allowed_cores(cores, "cores");
  before_ = allowed_cores();
  run_on(cores);
}

CoreAffinity::~CoreAffinity() {
  if (!before_.empty()) run_on(before_);
}

}  // namespace splitlane::training
