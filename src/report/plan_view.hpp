#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "report/step.hpp"
#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/service.hpp"

namespace splitlane::report {

/// A plan as the figures and texts need it, safe whatever file it came from: clients without a valid choice are
/// "unplanned", missing lanes are empty, segments that name no client, end before they start or lie outside
/// [0, 2^53] are left out, and each lane is in time order. Times follow from the segments (`evaluate_lane`), not
/// from what the plan says. Keeps references to instance and plan. O((clients + segments) log) to build.
class PlanView {
 public:
  PlanView(const Instance& instance, const Plan& plan);

  const Instance& instance() const { return instance_; }
  const Plan& plan() const { return plan_; }

  /// none() when the plan has no option for this client, or one that is not its own.
  OptionIndex choice(ClientIndex client) const { return choice_[client.value()]; }
  bool is_planned(ClientIndex client) const { return !choice(client).is_none(); }
  bool is_local(ClientIndex client) const { return is_planned(client) && instance_.is_local(choice(client)); }
  /// none() for local and unplanned clients.
  HelperIndex helper(ClientIndex client) const {
    return is_planned(client) ? instance_.helper(choice(client)) : HelperIndex::none();
  }

  std::span<const Segment> lane(HelperIndex helper) const;
  std::span<const ClientIndex> clients_of(HelperIndex helper) const;
  /// The segments of a client on the helper that serves it, in time order.
  std::span<const Segment> segments_of(ClientIndex client) const;
  std::size_t segment_count() const { return lane_segments_.size(); }

  const ServiceTimes& times(ClientIndex client) const { return times_[client.value()]; }
  /// The client that completes last, the first of them in a tie; none() when no client is planned.
  ClientIndex critical() const { return critical_; }
  /// Latest completion that the segments give.
  Time makespan() const { return critical_.is_none() ? 0 : times(critical_).completion; }
  /// Latest instant that anything in the plan refers to, its makespan and bound included.
  Time latest_instant() const;

  std::size_t unplanned_count() const { return unplanned_count_; }
  std::size_t local_count() const { return local_count_; }
  std::size_t left_out_segment_count() const { return left_out_segment_count_; }

  /// When everything happens to the client, in the instance's unit; nothing where it is not planned.
  BatchTimes batch_times(ClientIndex client) const;
  /// The client's way from time 0 to its completion.
  std::vector<Step> steps(ClientIndex client) const;

 private:
  void take_choices();
  void take_lanes();
  void group_segments_by_client();
  void evaluate();

  const Instance& instance_;
  const Plan& plan_;
  std::vector<OptionIndex> choice_;
  std::vector<Segment> lane_segments_;
  std::vector<std::size_t> lane_starts_;
  std::vector<ClientIndex> helper_clients_;
  std::vector<std::size_t> helper_starts_;
  std::vector<Segment> client_segments_;
  std::vector<std::size_t> client_starts_;
  std::vector<ServiceTimes> times_;
  ClientIndex critical_;
  std::size_t unplanned_count_ = 0;
  std::size_t local_count_ = 0;
  std::size_t left_out_segment_count_ = 0;
};

/// "gap 4.62 %"; without a proven bound the gap is unknown.
std::string gap_text(const Plan& plan);

}  // namespace splitlane::report
