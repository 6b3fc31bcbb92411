#include "report/course.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <tuple>

#include "report/saturating.hpp"
#include "splitlane/instance/ids.hpp"

namespace splitlane::report {

namespace {

constexpr std::string_view kLostEvent = "lost";

BatchTimes scaled(BatchTimes times, double scale) {
  for (std::optional<Time>* time : {&times.start, &times.release, &times.forward_end, &times.backward_ready,
                                    &times.backward_end, &times.completion}) {
    if (*time) *time = scaled_time(**time, scale);
  }
  return times;
}

}  // namespace

Course::Course(const PlanView& plan, double scale) : instance_(plan.instance()), scale_(scale) {
  lost_at_.resize(instance_.helper_count());
  for (const HelperIndex helper : instance_.helpers()) {
    for (const Segment& segment : plan.lane(helper)) {
      segments_.push_back(
          {segment.client, 0, segment.task, scaled_time(segment.start, scale), scaled_time(segment.end, scale)});
    }
    lane_starts_.push_back(segments_.size());
  }
  first_batch_.push_back(0);
  for (const ClientIndex client : instance_.clients()) {
    helpers_.push_back(plan.helper(client));
    if (plan.is_planned(client)) batches_.push_back(scaled(plan.batch_times(client), scale));
    first_batch_.push_back(batches_.size());
  }
  group_by_batch([&](const TraceSegment& segment, HelperIndex lane) { return helper(segment.client) == lane; });
  find_latest();
}

Course::Course(const Instance& instance, const Trace& trace, double scale) : instance_(instance), scale_(scale) {
  for (const HelperIndex helper : instance_.helpers()) {
    if (helper.value() < trace.lanes.size()) {
      for (const TraceSegment& segment : trace.lanes[helper.value()]) {
        const bool is_usable = segment.client.value() < instance_.client_count() && segment.start < segment.end;
        if (is_usable) segments_.push_back(segment);
      }
    }
    const auto first = segments_.begin() + static_cast<std::ptrdiff_t>(lane_starts_.back());
    std::stable_sort(first, segments_.end(), [](const TraceSegment& left, const TraceSegment& right) {
      return std::tie(left.start, left.end) < std::tie(right.start, right.end);
    });
    lane_starts_.push_back(segments_.size());
  }
  first_batch_.push_back(0);
  for (const ClientIndex client : instance_.clients()) {
    const bool is_there = client.value() < trace.clients.size();
    helpers_.push_back(is_there ? trace.clients[client.value()].helper : HelperIndex::none());
    if (is_there) {
      const std::vector<BatchTimes>& batches = trace.clients[client.value()].batches;
      batches_.insert(batches_.end(), batches.begin(), batches.end());
    }
    first_batch_.push_back(batches_.size());
  }
  group_by_batch([&](const TraceSegment& segment, HelperIndex) {
    const std::optional<Time>& start = times({segment.client, segment.batch}).start;
    return !start || segment.start >= *start;
  });
  find_latest();
  lost_at_.resize(instance_.helper_count());
  const Ids helpers = Ids::of_helpers(instance_);
  for (const TraceEvent& event : trace.events) {
    if (event.kind != kLostEvent) continue;
    if (const auto helper = helpers.find(event.node)) lost_at_[*helper] = event.time;
  }
}

template <class IsOwn>
void Course::group_by_batch(const IsOwn& is_own) {
  first_own_.assign(batches_.size() + 1, 0);
  const auto for_each_own = [&](auto&& act) {
    for (const HelperIndex lane_helper : instance_.helpers()) {
      for (std::size_t at = lane_starts_[lane_helper.value()]; at < lane_starts_[lane_helper.value() + 1]; ++at) {
        const TraceSegment& segment = segments_[at];
        const std::size_t count = batches(segment.client).size();
        const bool has_batch = segment.batch >= 0 && static_cast<std::size_t>(segment.batch) < count;
        if (has_batch && is_own(segment, lane_helper)) act(place({segment.client, segment.batch}), at);
      }
    }
  };
  for_each_own([this](std::size_t batch, std::size_t) { ++first_own_[batch + 1]; });
  std::partial_sum(first_own_.begin(), first_own_.end(), first_own_.begin());
  own_.resize(first_own_.back());
  std::vector<std::size_t> next = first_own_;
  for_each_own([&](std::size_t batch, std::size_t at) { own_[next[batch]++] = at; });
  for (std::size_t batch = 0; batch < batches_.size(); ++batch) {
    const auto first = own_.begin() + static_cast<std::ptrdiff_t>(first_own_[batch]);
    const auto end = own_.begin() + static_cast<std::ptrdiff_t>(first_own_[batch + 1]);
    std::stable_sort(first, end, [this](std::size_t left, std::size_t right) {
      return segments_[left].start < segments_[right].start;
    });
  }
}

void Course::find_latest() {
  for (const ClientIndex client : instance_.clients()) {
    const std::span<const BatchTimes> own = batches(client);
    if (latest_.size() < own.size()) latest_.resize(own.size(), {ClientIndex::none(), 0});
    for (std::size_t batch = 0; batch < own.size(); ++batch) {
      if (!own[batch].completion) continue;
      const ClientBatch here{client, static_cast<std::int64_t>(batch)};
      for (ClientBatch* latest : {&latest_[batch], &last_}) {
        if (latest->client.is_none() || *own[batch].completion > *times(*latest).completion) *latest = here;
      }
    }
  }
}

std::span<const TraceSegment> Course::lane(HelperIndex helper) const {
  const std::size_t first = lane_starts_[helper.value()];
  return std::span(segments_).subspan(first, lane_starts_[helper.value() + 1] - first);
}

HelperIndex Course::helper_at(std::size_t position) const {
  const auto after = std::upper_bound(lane_starts_.begin(), lane_starts_.end(), position);
  return HelperIndex(static_cast<std::size_t>(after - lane_starts_.begin()) - 1);
}

std::span<const BatchTimes> Course::batches(ClientIndex client) const {
  const std::size_t first = first_batch_[client.value()];
  return std::span(batches_).subspan(first, first_batch_[client.value() + 1] - first);
}

std::span<const std::size_t> Course::own_segments(const ClientBatch& batch) const {
  const std::size_t at = place(batch);
  return std::span(own_).subspan(first_own_[at], first_own_[at + 1] - first_own_[at]);
}

std::vector<Step> Course::steps(const ClientBatch& batch) const {
  std::vector<TraceSegment> own;
  for (const std::size_t position : own_segments(batch)) own.push_back(segments_[position]);
  return StepCollector(batch.client, batch.batch).collect(times(batch), own);
}

std::vector<Step> Course::way(ClientIndex client) const {
  std::vector<Step> way;
  Time before = 0;
  const std::span<const BatchTimes> own = batches(client);
  for (std::size_t number = 0; number < own.size(); ++number) {
    const ClientBatch batch{client, static_cast<std::int64_t>(number)};
    const Time start = own[number].start.value_or(before);
    const StepKind kind = loses_helper(before, start) ? StepKind::kLost : StepKind::kWaiting;
    if (start > before) way.push_back({kind, client, before, start, batch.batch});
    const std::vector<Step> own_steps = steps(batch);
    way.insert(way.end(), own_steps.begin(), own_steps.end());
    before = own[number].completion.value_or(start);
  }
  return way;
}

Time Course::makespan() const { return last_.client.is_none() ? 0 : *times(last_).completion; }

Time Course::latest_instant() const {
  Time latest = makespan();
  for (const TraceSegment& segment : segments_) latest = std::max(latest, segment.end);
  for (const BatchTimes& times : batches_) {
    for (const std::optional<Time>& time : {times.start, times.release, times.backward_ready}) {
      latest = std::max(latest, time.value_or(0));
    }
  }
  return latest;
}

Time Course::busy(HelperIndex helper) const {
  Time busy = 0;
  for (const TraceSegment& segment : lane(helper)) busy = add_saturating(busy, segment.end - segment.start);
  return busy;
}

Time Course::lane_gap(HelperIndex helper) const {
  return scaled_time(switch_rule_of(instance_, helper).lane_gap(), scale_);
}

bool Course::loses_helper(Time start, Time end) const {
  return std::any_of(lost_at_.begin(), lost_at_.end(),
                     [&](const std::optional<Time>& lost) { return lost && *lost >= start && *lost <= end; });
}

}  // namespace splitlane::report
