#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "report/plan_view.hpp"
#include "report/step.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/trace.hpp"

namespace splitlane::report {

/// One batch of one client.
struct ClientBatch {
  ClientIndex client;
  std::int64_t batch = 0;
  bool operator==(const ClientBatch&) const = default;
};

/// What every client and helper does over time, as a plan says or as a trace tells, in one form, so that the two can be
/// drawn, followed and compared alike. Keeps a reference to the instance. O(clients + batches + segments log) to build,
/// about 100 bytes a batch and 40 a segment.
class Course {
 public:
  /// As planned: one batch a client, from 0. Instants are those of the instance times `scale`, rounded.
  explicit Course(const PlanView& plan, double scale = 1);
  /// As it happened, in microseconds. Safe on a trace that `check_trace` refuses: a segment of an unknown client or of
  /// no length is left out. `scale` is what one unit of the instance is there.
  Course(const Instance& instance, const Trace& trace, double scale);

  const Instance& instance() const { return instance_; }
  /// Microseconds, or whatever the instants are in, of one unit of the instance.
  double scale() const { return scale_; }

  /// In order of time.
  std::span<const TraceSegment> lane(HelperIndex helper) const;
  /// All lanes, one after the other; `lane` is a part of it.
  std::span<const TraceSegment> segments() const { return segments_; }
  /// Whose lane the segment at `position` of `segments()` is on.
  HelperIndex helper_at(std::size_t position) const;

  /// Who serves the client (in a trace: served it last); none() for one that trains alone.
  HelperIndex helper(ClientIndex client) const { return helpers_[client.value()]; }
  std::span<const BatchTimes> batches(ClientIndex client) const;
  const BatchTimes& times(const ClientBatch& batch) const { return batches_[place(batch)]; }
  /// Positions in `segments()` of the batch's own segments, in order of time: not those of an attempt that was given
  /// up, nor those on a helper that does not serve the client.
  std::span<const std::size_t> own_segments(const ClientBatch& batch) const;
  std::vector<Step> steps(const ClientBatch& batch) const;
  /// The client's whole way, from 0: its batches, and between them what it waited for, an attempt that was given up
  /// among that.
  std::vector<Step> way(ClientIndex client) const;

  /// The batch that completes last, the first of them in a tie; its client is none() where none completes.
  const ClientBatch& last() const { return last_; }
  /// Its completion; 0 where none completes.
  Time makespan() const;
  /// Of all that is known, completed or not.
  Time latest_instant() const;
  /// How long the helper runs tasks altogether.
  Time busy(HelperIndex helper) const;
  /// Batches of the client that has most.
  std::size_t most_batches() const { return latest_.size(); }
  /// Which client completes its batch of that number last.
  const ClientBatch& latest_of(std::int64_t batch) const { return latest_[static_cast<std::size_t>(batch)]; }
  /// Idle lane time that a segment needs before it, unless it continues its task.
  Time lane_gap(HelperIndex helper) const;
  /// When the helper was lost.
  std::optional<Time> lost_at(HelperIndex helper) const { return lost_at_[helper.value()]; }
  /// Whether a helper was lost from `start` to `end`, both included.
  bool loses_helper(Time start, Time end) const;

 private:
  std::size_t place(const ClientBatch& batch) const {
    return first_batch_[batch.client.value()] + static_cast<std::size_t>(batch.batch);
  }
  template <class IsOwn>
  void group_by_batch(const IsOwn& is_own);
  void find_latest();

  const Instance& instance_;
  double scale_ = 1;
  std::vector<TraceSegment> segments_;
  std::vector<std::size_t> lane_starts_ = {0};
  std::vector<HelperIndex> helpers_;      // by client
  std::vector<BatchTimes> batches_;       // client after client
  std::vector<std::size_t> first_batch_;  // by client, and the end
  std::vector<std::size_t> own_;          // batch after batch
  std::vector<std::size_t> first_own_;    // by batch, and the end
  std::vector<ClientBatch> latest_;       // by number of the batch
  std::vector<std::optional<Time>> lost_at_;
  ClientBatch last_{ClientIndex::none(), 0};
};

}  // namespace splitlane::report
