#pragma once

#include <vector>

namespace splitlane::training {

/// The cores that this thread may run on, ascending.
std::vector<int> allowed_cores();

/// While it lives, this thread, the threads and the processes that it starts run on these cores alone; then this thread
/// may run where it might before. No cores: no change. Raises kOutOfRange where this thread may not run on one of them.
class CoreAffinity {
 public:
  explicit CoreAffinity(const std::vector<int>& cores);
  CoreAffinity(const CoreAffinity&) = delete;
  CoreAffinity& operator=(const CoreAffinity&) = delete;
  ~CoreAffinity();

 private:
  std::vector<int> before_;  // empty: nothing was changed
};

/// Raises kOutOfRange for a core that this thread may not run on; `where` names the number.
void require_allowed_cores(const std::vector<int>& cores, const char* where);

}  // namespace splitlane::training
