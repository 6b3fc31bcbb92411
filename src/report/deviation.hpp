#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "report/course.hpp"

namespace splitlane::report {

/// A task of the first batch that ended later than planned.
struct LateTask {
  ClientIndex client;
  Task task = Task::kForward;
  HelperIndex helper;  ///< where it ran
  Time planned_end = 0;
  Time end = 0;
  Time lateness() const { return end - planned_end; }
  bool operator==(const LateTask&) const = default;
};

/// A client whose last helper is another one than planned.
struct MovedClient {
  ClientIndex client;
  HelperIndex from;  ///< none(): trained alone
  HelperIndex to;
};

/// A part of the actual critical path that took longer than planned.
struct SlowStep {
  StepKind kind = StepKind::kForward;
  ClientBatch batch;
  HelperIndex helper;  ///< none() for a client that trains alone
  Time planned = 0;
  Time actual = 0;
  Time excess() const { return actual - planned; }
};

/// Where an execution left its plan. A plan speaks of one batch, the first; later ones have no planned end.
struct Deviation {
  std::size_t judged = 0;               ///< tasks that the plan runs
  std::size_t not_ended = 0;            ///< those of them that the execution did not end
  std::vector<LateTask> late;           ///< in order of their ends
  std::optional<LateTask> latest;       ///< the largest lateness, the first of them in a tie
  std::vector<ClientIndex> incomplete;  ///< clients with a batch that they did not complete, or none at all
  std::vector<MovedClient> moved;
};
/// Both in the same unit and of the same instance. O(clients + segments log).
Deviation deviation(const Course& planned, const Course& actual);

/// When the plan ends that task of the client's first batch; nothing where the plan runs no such task.
std::optional<Time> planned_end(const Course& planned, ClientIndex client, Task task);

/// What a critical path runs through and took longer than planned, the most first. Release, turnaround and tail are
/// compared as a whole, forward and backward by the time on the lane; clients that moved are left out, since their
/// other option has other durations. O(steps of the clients on the path).
std::vector<SlowStep> slow_steps(const Course& planned, const Course& actual, const std::vector<Step>& path);

}  // namespace splitlane::report
