#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/stop.hpp"

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

/// Completes an assignment in which some clients are none() because a greedy order left them no room, each by an option
/// with room or an ejection chain: a client on the wanted helper moves on, at most three moves deep. False when some
/// clients are still none(), which proves nothing. Asks `stop` between clients once it has tried much.
bool complete_by_chains(const Instance& instance, Assignment& choice, const StopCondition& stop);

/// The same at any price: where chains do not place everybody, by a search over all clients (fit::find_fit), which
/// proves infeasibility where it can. Returns true when anything had been none(). Raises kInfeasible with the reason,
/// or kNoneFound when `stop` or the effort of the search ends it before there is an assignment or a proof.
bool complete_assignment(const Instance& instance, Assignment& choice, const StopCondition& stop);

}  // namespace splitlane
