#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/stop.hpp"

namespace splitlane {

/// Everything wrong with a round; valid means nothing is.
struct RoundReport {
  std::vector<std::string> violations;  ///< the first `kListed`, who, what, and the two numbers that disagree
  std::size_t count = 0;                ///< all of them
  Time makespan = 0;                    ///< recomputed from the segments
  bool is_complete = true;              ///< false: the check was stopped, and says nothing of what it had not come to
  static constexpr std::size_t kListed = 20;

  bool valid() const { return count == 0 && is_complete; }
};

/// Recomputes a whole round from its segments and options alone and compares it with what the round says. Shares no
/// code with round/, nor with the evaluator of plan/.
///
/// Rules: those of `check_plan` for every batch; a client has one option for the whole round; batch k of a client
/// starts `release` after its batch k - 1 is complete or, with a barrier, `release` after batch k - 1 of all clients
/// is. In a phase of the barrier a helper that is not listed runs as in the phase before, with the same clients. The
/// switch gap before a segment counts from the segment before it, with a barrier from the start of the batch. Of the
/// ways that were tried, where they are listed, the round's own has its makespan, none of the others is shorter, and
/// none ends before the bound on all rounds or before its own.
///
/// Never throws on a wrong round. Ends soon after `stop` is reached. O(clients + segments), and a set of the lanes'
/// ends for each phase.
RoundReport check_round(const Instance& instance, const Round& round, const StopCondition& stop = {});

}  // namespace splitlane
