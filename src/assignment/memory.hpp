#pragma once

#include <limits>
#include <vector>

#include "splitlane/instance/instance.hpp"

namespace splitlane {

/// One option per client; none() = not decided yet.
using Assignment = std::vector<OptionIndex>;

/// The memory of a helper that names no limit: more than any sum of demands, and sums of it do not overflow.
inline constexpr Megabytes kNoMemoryLimit = std::numeric_limits<Megabytes>::max() / 2;

/// Free memory of every helper while an assignment is being built.
class MemoryLedger {
 public:
  explicit MemoryLedger(const Instance& instance);

  /// Whether the option's helper still has room; always true for a local option.
  bool fits(OptionIndex option) const;
  /// How much room is missing for the option; <= 0 when it fits.
  Megabytes missing(OptionIndex option) const;
  void take(OptionIndex option);
  void give_back(OptionIndex option);

 private:
  const Instance* instance_;
  std::vector<Megabytes> free_;
};

/// The client's shortest local option; none() when it has none.
OptionIndex shortest_local_option(const Instance& instance, ClientIndex client);

/// Refuses an instance that cannot be planned for a reason that can be named at once: a client none of whose options
/// fits its helper even alone, or clients that together need more memory than all helpers have. Raises kInfeasible.
/// O(options).
void require_plannable(const Instance& instance);

}  // namespace splitlane
