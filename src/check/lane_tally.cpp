#include "check/lane_tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "check/arithmetic.hpp"

namespace splitlane::check_detail {

namespace {

class LaneReader {
 public:
  LaneReader(const Instance& instance, const std::vector<HelperIndex>& serving, std::vector<ClientTally>& tallies,
             ReportWriter& writer)
      : instance_(instance), serving_(serving), tallies_(tallies), writer_(writer) {}

  void read(HelperIndex helper, std::span<const Segment> lane) {
    helper_ = helper;
    ordered_.clear();
    bool in_order = true;
    for (const Segment& segment : lane) {
      if (!is_usable(segment)) continue;
      if (in_order && !ordered_.empty() && segment.start < ordered_.back().start) {
        in_order = false;
        report_order(ordered_.back(), segment);
      }
      ordered_.push_back(segment);
    }
    if (!in_order) {
      std::stable_sort(ordered_.begin(), ordered_.end(),
                       [](const Segment& left, const Segment& right) { return left.start < right.start; });
    }
    const Segment* latest = nullptr;  // of the segments so far, the one that ends last
    for (const Segment& segment : ordered_) {
      const bool continues = latest != nullptr && latest->client == segment.client && latest->task == segment.task &&
                             latest->end == segment.start;
      check_place(latest, segment, continues);
      count(segment, continues);
      if (latest == nullptr || segment.end > latest->end) latest = &segment;
    }
  }

 private:
  std::string_view helper_id() const { return instance_.helper_id(helper_); }
  std::string describe(const Segment& segment) const {
    return fmt::format("{} of client \"{}\" from {} to {}", task_name(segment.task),
                       instance_.client_id(segment.client), segment.start, segment.end);
  }

  // False for segments that say nothing; those are reported and left out of everything else.
  bool is_usable(const Segment& segment) {
    if (segment.client.value() >= instance_.client_count()) {
      writer_.add(ViolationKind::kForeignSegment, [&] {
        return fmt::format("helper \"{}\": a segment from {} to {} of client number {}, but there are {} clients",
                           helper_id(), segment.start, segment.end, segment.client.value(), instance_.client_count());
      });
      return false;
    }
    if (segment.start < 0) {
      writer_.add(ViolationKind::kSegmentOrder, [&] {
        return fmt::format("helper \"{}\": {} starts before time 0", helper_id(), describe(segment));
      });
    }
    if (segment.end > segment.start) return true;
    writer_.add(ViolationKind::kSegmentOrder, [&] {
      return fmt::format("helper \"{}\": {} is empty or runs backwards", helper_id(), describe(segment));
    });
    return false;
  }

  void report_order(const Segment& before, const Segment& segment) {
    writer_.add(ViolationKind::kSegmentOrder, [&] {
      return fmt::format("helper \"{}\": {} is listed after {}", helper_id(), describe(segment), describe(before));
    });
  }

  void check_place(const Segment* latest, const Segment& segment, bool continues) {
    if (latest != nullptr && segment.start < latest->end) {
      writer_.add(ViolationKind::kOverlap, [&] {
        return fmt::format("helper \"{}\": {} overlaps {}", helper_id(), describe(segment), describe(*latest));
      });
      return;
    }
    if (instance_.switch_model() != SwitchModel::kOccupy || continues) return;
    const Time cost = instance_.switch_cost(helper_);
    const Time idle = subtract(segment.start, latest == nullptr ? 0 : latest->end);
    // A start before time 0 is reported as such.
    if (idle >= cost || segment.start < 0) return;
    writer_.add(ViolationKind::kSwitchGap, [&] {
      return fmt::format("helper \"{}\": idle for {} before {}, but its switch cost is {}", helper_id(), idle,
                         describe(segment), cost);
    });
  }

  void count(const Segment& segment, bool continues) {
    const HelperIndex server = serving_[segment.client.value()];
    if (server != helper_) {
      report_foreign(segment, server);
      return;
    }
    ClientTally& tally = tallies_[segment.client.value()];
    TaskTally& task = segment.task == Task::kForward ? tally.forward : tally.backward;
    task.work = add(task.work, subtract(segment.end, segment.start));
    task.start = task.runs == 0 ? segment.start : std::min(task.start, segment.start);
    task.end = task.runs == 0 ? segment.end : std::max(task.end, segment.end);
    if (!continues) ++task.runs;
  }

  void report_foreign(const Segment& segment, HelperIndex server) {
    writer_.add(ViolationKind::kForeignSegment, [&] {
      const std::string reason = server.is_none()
                                     ? "which no helper serves"
                                     : fmt::format("which helper \"{}\" serves", instance_.helper_id(server));
      return fmt::format("helper \"{}\": {}, {}", helper_id(), describe(segment), reason);
    });
  }

  const Instance& instance_;
  const std::vector<HelperIndex>& serving_;
  std::vector<ClientTally>& tallies_;
  ReportWriter& writer_;
  HelperIndex helper_;
  std::vector<Segment> ordered_;
};

}  // namespace

std::vector<ClientTally> tally_lanes(const Instance& instance, const SegmentTable& segments,
                                     const std::vector<HelperIndex>& serving, ReportWriter& writer) {
  std::vector<ClientTally> tallies(instance.client_count());
  const std::size_t lanes = segments.lane_count();
  if (lanes != instance.helper_count()) {
    writer.add(ViolationKind::kForeignSegment, [&] {
      return fmt::format("the plan has lanes for {} helpers, the instance has {}", lanes, instance.helper_count());
    });
  }
  LaneReader reader(instance, serving, tallies, writer);
  for (const HelperIndex helper : instance.helpers()) {
    if (helper.value() < lanes) reader.read(helper, segments.lane(helper));
  }
  return tallies;
}

}  // namespace splitlane::check_detail
