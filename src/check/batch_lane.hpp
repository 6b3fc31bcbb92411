#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "splitlane/plan/round.hpp"

namespace splitlane::check_detail {

/// What a helper owes a client: this many batches of this option.
struct OwedBatches {
  ClientIndex client;
  OptionIndex option;
  std::int64_t batches = 0;
};

/// Where a client stands on its helper: what it waits for, since when, and how much of it is done.
class ClientPosition {
 public:
  ClientPosition(const Instance& instance, HelperIndex helper, const OwedBatches& owed);

  ClientIndex client() const { return client_; }
  bool finished() const { return batch_ > batches_; }
  std::int64_t batch() const { return batch_; }
  Task task() const { return task_; }
  Time ready() const { return ready_; }
  Time work_left() const;
  Time completion() const { return completion_; }  ///< of the last batch that is done

  void work_on(const BatchSegment& segment, bool continues);

 private:
  Time work(Task task) const;
  Time turnaround() const;
  void end_task(Time end);
  void pass_empty_tasks();

  const Instance* instance_;
  ClientIndex client_;
  OptionIndex option_;
  std::int64_t batches_;
  Time charge_ = 0;
  std::int64_t batch_ = 1;
  Task task_ = Task::kForward;
  Time ready_ = 0;
  Time done_ = 0;
  Time runs_ = 0;
  Time completion_ = 0;
};

/// Walks the segments of one helper after the other, in which every client has to train all its batches one after the
/// other. Calls `report` with each thing that is wrong. O(clients of the lane + segments) a lane.
class LaneWalk {
 public:
  LaneWalk(const Instance& instance, std::function<void(const std::string&)> report);

  /// The lane of `helper` begins; a client stands in `owed` once at most. Reports call its first batch `first_batch`.
  void begin(HelperIndex helper, std::span<const OwedBatches> owed, std::int64_t first_batch = 1);
  /// Its next segment.
  void visit(const BatchSegment& segment);
  /// The lane has ended: where its clients stand, in the order of `owed`; valid until the next lane begins.
  std::span<const ClientPosition> end();

 private:
  ClientPosition* position_of(ClientIndex client);
  void check_lane(const BatchSegment& segment, bool continues) const;
  void complain(const BatchSegment& segment, const std::string& what) const;
  std::int64_t number_of(std::int64_t batch) const;

  const Instance& instance_;
  std::function<void(const std::string&)> report_;
  HelperIndex helper_;
  Time gap_ = 0;
  std::int64_t first_batch_ = 1;
  BatchSegment last_;  ///< an empty one at 0 before the first
  std::vector<ClientPosition> positions_;
  std::vector<std::uint32_t> number_of_client_;  ///< in `positions_`, by client; any number for those of other lanes
};

}  // namespace splitlane::check_detail
