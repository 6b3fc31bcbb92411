#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "splitlane/plan/round.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::round_detail {

/// How far a client has come along its chain of 2 N tasks. Tasks of length 0 are passed at once.
class ChainProgress {
 public:
  ChainProgress(const Service& service, const SwitchRule& rule, std::int64_t batches);

  bool finished() const { return batch_ > batches_; }
  std::int64_t batch() const { return batch_; }
  std::int64_t batches_left() const { return batches_ - batch_; }
  Task task() const { return task_; }
  Time ready() const { return ready_; }
  Time work_left() const { return work_left_; }
  /// Of the batch that was completed last; 0 before the first.
  Time completion() const { return completion_; }

  /// The task runs until `end` for `duration`; `new_run` unless that continues a segment.
  void run(Time duration, Time end, bool new_run);

 private:
  void begin(Task task, Time ready);
  void end_task(Time end);
  void skip_empty_tasks();

  Service service_;
  Time run_delay_;
  std::int64_t batches_;
  std::int64_t batch_ = 1;
  Task task_ = Task::kForward;
  Time ready_ = 0;
  Time work_left_ = 0;
  Time runs_ = 0;
  Time completion_ = 0;
};

/// One client on its helper.
struct LaneClient {
  ClientIndex client;
  Service service;
  std::int64_t batches = 0;
};

/// The clients of each helper, in client order.
std::vector<std::vector<LaneClient>> lane_clients(const Instance& instance, const std::vector<OptionIndex>& choice,
                                                  const BatchCounts& batches);

/// A helper's lane while it is being filled from left to right.
class LaneRecorder {
 public:
  explicit LaneRecorder(const SwitchRule& rule) : gap_(rule.lane_gap()) {}

  /// The earliest start of a segment of another task than the last.
  Time earliest_switch() const { return (segments_.empty() ? 0 : segments_.back().end) + gap_; }
  Time end() const { return segments_.empty() ? 0 : segments_.back().end; }
  /// True when the task's next segment continues the last one if it starts where that ends.
  bool is_last(ClientIndex client, const ChainProgress& chain) const;
  /// Runs the chain's task from `start` for `duration`.
  void run(ClientIndex client, ChainProgress& chain, Time start, Time duration);
  std::vector<BatchSegment> take() { return std::move(segments_); }

 private:
  Time gap_;
  std::vector<BatchSegment> segments_;
};

/// What one client asks of its helper over the whole round, without switch costs: the relaxation of `plain_service`,
/// and the time between the end of one batch's last task and the start of the next batch's first.
struct PlainChain {
  Service service;
  Time between = 0;
  std::int64_t batches = 1;

  /// From a batch's first start to the next batch's.
  Time period() const { return service.forward + service.turnaround + service.backward + between; }
  /// The completion of a client that has a helper to itself.
  Time path() const { return service.path() + (batches - 1) * period(); }
};

PlainChain plain_chain(Service service, const SwitchRule& rule, std::int64_t batches);
/// Of any option, also a local one.
PlainChain plain_chain(const Instance& instance, OptionIndex option, std::int64_t batches);

/// Raises kUsage or kOverflow unless the counts belong to the instance and the whole round stays below 2^53.
void require_round(const Instance& instance, const BatchCounts& batches);

/// Fills in completions and makespan of clients that train alone, and the makespan.
void add_local_clients(const Instance& instance, Round& round);

}  // namespace splitlane::round_detail
