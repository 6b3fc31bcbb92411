#include "report/plan_view.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "report/text.hpp"

namespace splitlane::report {

namespace {

bool is_usable(const Instance& instance, const Segment& segment) {
  return segment.client.value() < instance.client_count() && segment.start >= 0 && segment.start < segment.end &&
         segment.end <= kLargestNumber;
}

}  // namespace

PlanView::PlanView(const Instance& instance, const Plan& plan) : instance_(instance), plan_(plan) {
  take_choices();
  take_lanes();
  group_segments_by_client();
  evaluate();
}

void PlanView::take_choices() {
  choice_.resize(instance_.client_count());
  helper_starts_.assign(instance_.helper_count() + 1, 0);
  for (const ClientIndex client : instance_.clients()) {
    OptionIndex option =
        client.value() < plan_.schedule.choice.size() ? plan_.schedule.choice[client.value()] : OptionIndex::none();
    const IndexRange<OptionIndex> own = instance_.options(client);
    const bool is_own = !option.is_none() && option >= *own.begin() && option.value() < own[own.size()].value();
    if (!is_own) option = OptionIndex::none();
    choice_[client.value()] = option;
    if (!is_own) {
      ++unplanned_count_;
    } else if (instance_.is_local(option)) {
      ++local_count_;
    } else {
      ++helper_starts_[instance_.helper(option).value() + 1];
    }
  }
  std::partial_sum(helper_starts_.begin(), helper_starts_.end(), helper_starts_.begin());
  helper_clients_.resize(helper_starts_.back());
  std::vector<std::size_t> next = helper_starts_;
  for (const ClientIndex client : instance_.clients()) {
    const HelperIndex served_by = helper(client);
    if (!served_by.is_none()) helper_clients_[next[served_by.value()]++] = client;
  }
}

void PlanView::take_lanes() {
  lane_starts_.assign(1, 0);
  const auto earlier = [](const Segment& left, const Segment& right) {
    return std::tie(left.start, left.end) < std::tie(right.start, right.end);
  };
  for (const HelperIndex helper : instance_.helpers()) {
    const auto first = static_cast<std::ptrdiff_t>(lane_segments_.size());
    if (helper.value() < plan_.schedule.segments.lane_count()) {
      for (const Segment& segment : plan_.schedule.segments.lane(helper)) {
        if (is_usable(instance_, segment)) {
          lane_segments_.push_back(segment);
        } else {
          ++left_out_segment_count_;
        }
      }
    }
    std::stable_sort(lane_segments_.begin() + first, lane_segments_.end(), earlier);
    lane_starts_.push_back(lane_segments_.size());
  }
}

void PlanView::group_segments_by_client() {
  client_starts_.assign(instance_.client_count() + 1, 0);
  const auto for_each_own = [this](auto&& act) {
    for (const HelperIndex lane_helper : instance_.helpers()) {
      for (const Segment& segment : lane(lane_helper)) {
        if (helper(segment.client) == lane_helper) act(segment);
      }
    }
  };
  for_each_own([this](const Segment& segment) { ++client_starts_[segment.client.value() + 1]; });
  std::partial_sum(client_starts_.begin(), client_starts_.end(), client_starts_.begin());
  client_segments_.resize(client_starts_.back());
  std::vector<std::size_t> next = client_starts_;
  for_each_own([&](const Segment& segment) { client_segments_[next[segment.client.value()]++] = segment; });
}

void PlanView::evaluate() {
  times_.resize(instance_.client_count());
  std::vector<Service> services;
  std::vector<LaneSegment> segments;
  std::vector<std::uint32_t> position(instance_.client_count(), 0);
  for (const HelperIndex lane_helper : instance_.helpers()) {
    services.clear();
    segments.clear();
    for (const ClientIndex client : clients_of(lane_helper)) {
      position[client.value()] = static_cast<std::uint32_t>(services.size());
      services.push_back(service_of(instance_, choice(client)));
    }
    for (const Segment& segment : lane(lane_helper)) {
      if (helper(segment.client) != lane_helper) continue;
      segments.push_back({position[segment.client.value()], segment.task, segment.start, segment.end});
    }
    const std::vector<ServiceTimes> times = evaluate_lane(services, switch_rule_of(instance_, lane_helper), segments);
    for (const ClientIndex client : clients_of(lane_helper)) times_[client.value()] = times[position[client.value()]];
  }
  for (const ClientIndex client : instance_.clients()) {
    if (is_local(client)) times_[client.value()].completion = instance_.path(choice(client));
    if (is_planned(client) && (critical_.is_none() || times(client).completion > makespan())) critical_ = client;
  }
}

std::span<const Segment> PlanView::lane(HelperIndex helper) const {
  const std::size_t first = lane_starts_[helper.value()];
  return std::span(lane_segments_).subspan(first, lane_starts_[helper.value() + 1] - first);
}

std::span<const ClientIndex> PlanView::clients_of(HelperIndex helper) const {
  const std::size_t first = helper_starts_[helper.value()];
  return std::span(helper_clients_).subspan(first, helper_starts_[helper.value() + 1] - first);
}

std::span<const Segment> PlanView::segments_of(ClientIndex client) const {
  const std::size_t first = client_starts_[client.value()];
  return std::span(client_segments_).subspan(first, client_starts_[client.value() + 1] - first);
}

Time PlanView::latest_instant() const {
  Time latest = std::max({makespan(), plan_.schedule.makespan, plan_.proof.lower_bound});
  for (const Segment& segment : lane_segments_) latest = std::max(latest, segment.end);
  return latest;
}

BatchTimes PlanView::batch_times(ClientIndex client) const {
  BatchTimes batch;
  if (!is_planned(client)) return batch;
  const ServiceTimes& when = times(client);
  batch.start = 0;
  batch.completion = when.completion;
  if (is_local(client)) return batch;
  batch.release = instance_.release(choice(client));
  batch.forward_end = when.forward_end;
  batch.backward_ready = when.backward_ready;
  batch.backward_end = when.backward_end;
  return batch;
}

std::vector<Step> PlanView::steps(ClientIndex client) const {
  return StepCollector(client, 0).collect(batch_times(client), segments_of(client));
}

std::string gap_text(const Plan& plan) {
  if (plan.proof.lower_bound <= 0 && plan.schedule.makespan > 0) return "gap unknown";
  return "gap " + percent(plan.gap());
}

}  // namespace splitlane::report
