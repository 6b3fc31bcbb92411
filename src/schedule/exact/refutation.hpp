#pragma once

#include <limits>
#include <vector>

#include "schedule/exact/lane_tasks.hpp"
#include "schedule/exact/proof_tree.hpp"

namespace splitlane {

/// Why no schedule exists below a node of the search: it holds for all nodes whose bounds are as tight as these, so it
/// tells which decisions mattered, and how far they can be loosened. Entries that say kAnyDeadline or kAnyHead need
/// nothing of that task.
struct Refutation {
  static constexpr Time kAnyDeadline = std::numeric_limits<Time>::max();
  static constexpr Time kAnyHead = std::numeric_limits<Time>::min();

  std::vector<Time> deadline;  ///< per service: the forward's deadline is no later
  std::vector<Time> head;      ///< per service: the backward's head is no earlier
  ProofTree::Node proof = 0;

  void reset(std::size_t services);
  /// Asks for whatever `other` asks for, too.
  void merge(const Refutation& other);
};

/// Turns an overloaded window into a refutation: leaves out the tasks that it is overloaded without, then widens it as
/// far as it stays overloaded. `root` holds the bounds that need no reason: with preemption, the heads of all forwards
/// and the deadlines of all backwards are among them. Returns the window as widened.
class WindowReason {
 public:
  /// `kept`, if inside, is not left out. Works on `refutation` as reset by the caller.
  Window explain(const LaneTasks& root, const LaneTasks& tasks, Window window, TaskIndex kept, Refutation& refutation);

 private:
  std::vector<TaskIndex> inside_;
};

}  // namespace splitlane
