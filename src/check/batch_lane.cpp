#include "check/batch_lane.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "check/arithmetic.hpp"

namespace splitlane::check_detail {

namespace {

std::string_view word(Task task) { return task == Task::kForward ? "forward" : "backward"; }

/// Where a client stands: what it waits for, since when, and how much of it is done.
class Position {
 public:
  Position(const Instance& instance, HelperIndex helper, const OwedBatches& owed)
      : instance_(instance), option_(owed.option), batches_(owed.batches) {
    if (instance.switch_model() == SwitchModel::kCharge) charge_ = multiply(2, instance.switch_cost(helper));
    if (work(Task::kForward) == 0 && work(Task::kBackward) == 0) {
      const Time path = add(add(instance.release(option_), turnaround()), instance.tail(option_));
      completion_ = multiply(batches_, path);
      batch_ = batches_ + 1;
      return;
    }
    ready_ = instance.release(option_);
    pass_empty_tasks();
  }

  bool finished() const { return batch_ > batches_; }
  std::int64_t batch() const { return batch_; }
  Task task() const { return task_; }
  Time ready() const { return ready_; }
  Time work_left() const { return subtract(work(task_), done_); }
  Time completion() const { return completion_; }

  void work_on(const BatchSegment& segment, bool continues) {
    if (!continues) ++runs_;
    done_ = add(done_, subtract(segment.end, segment.start));
    if (work_left() > 0) return;
    end_task(segment.end);
    pass_empty_tasks();
  }

 private:
  Time work(Task task) const {
    return task == Task::kForward ? instance_.forward(option_) : instance_.backward(option_);
  }
  Time turnaround() const { return add(instance_.client_forward(option_), instance_.client_backward(option_)); }

  void end_task(Time end) {
    const Time charged = add(end, multiply(charge_, runs_));
    done_ = 0;
    runs_ = 0;
    if (task_ == Task::kForward) {
      task_ = Task::kBackward;
      ready_ = add(charged, turnaround());
      return;
    }
    task_ = Task::kForward;
    completion_ = add(charged, instance_.tail(option_));
    ready_ = add(completion_, instance_.release(option_));
    ++batch_;
  }

  void pass_empty_tasks() {
    while (!finished() && work(task_) == 0) end_task(ready_);
  }

  const Instance& instance_;
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

class LaneWalk {
 public:
  LaneWalk(const Instance& instance, HelperIndex helper, const std::function<void(const std::string&)>& report)
      : instance_(instance), helper_(helper), report_(report) {
    if (instance.switch_model() == SwitchModel::kOccupy) gap_ = instance.switch_cost(helper);
  }

  void add_client(ClientIndex client, const OwedBatches& owed) {
    positions_.emplace(client, Position(instance_, helper_, owed));
  }

  void walk(std::span<const BatchSegment> segments) {
    const BatchSegment* last = nullptr;
    for (const BatchSegment& segment : segments) {
      const bool continues = last != nullptr && last->client == segment.client && last->task == segment.task &&
                             last->batch == segment.batch && last->end == segment.start;
      visit(segment, last != nullptr ? last->end : 0, continues);
      last = &segment;
    }
  }

  std::map<ClientIndex, Time> completions() const {
    std::map<ClientIndex, Time> result;
    for (const auto& [client, position] : positions_) {
      if (!position.finished()) {
        report_(fmt::format("client \"{}\": {} of batch {} lacks {}", instance_.client_id(client),
                            word(position.task()), position.batch(), position.work_left()));
      }
      result.emplace(client, position.completion());
    }
    return result;
  }

 private:
  void visit(const BatchSegment& segment, Time lane_end, bool continues) {
    if (segment.end <= segment.start || segment.start < 0) complain(segment, "is empty or runs backwards");
    if (segment.start < lane_end) {
      complain(segment, fmt::format("starts before {}, the end of the segment before it", lane_end));
    } else if (!continues && subtract(segment.start, lane_end) < gap_) {
      complain(segment, fmt::format("leaves the helper no {} of switch cost after {}", gap_, lane_end));
    }
    const auto found = positions_.find(segment.client);
    if (found == positions_.end()) return complain(segment, "is of a client that has nothing to do there");
    Position& position = found->second;
    if (position.finished() || segment.batch != position.batch() || segment.task != position.task()) {
      return complain(segment, fmt::format("is out of turn: the client waits for {} of batch {}", word(position.task()),
                                           position.batch()));
    }
    if (segment.start < position.ready()) complain(segment, fmt::format("starts before {}", position.ready()));
    if (subtract(segment.end, segment.start) > position.work_left()) {
      complain(segment, fmt::format("does more than the {} that are left", position.work_left()));
    }
    position.work_on(segment, continues);
  }

  void complain(const BatchSegment& segment, const std::string& what) const {
    const std::string client = segment.client.value() < instance_.client_count()
                                   ? std::string(instance_.client_id(segment.client))
                                   : std::to_string(segment.client.value());
    report_(fmt::format(R"(helper "{}": {} of batch {} of client "{}" from {} to {} {})", instance_.helper_id(helper_),
                        word(segment.task), segment.batch, client, segment.start, segment.end, what));
  }

  const Instance& instance_;
  HelperIndex helper_;
  const std::function<void(const std::string&)>& report_;
  Time gap_ = 0;
  std::map<ClientIndex, Position> positions_;
};

}  // namespace

std::map<ClientIndex, Time> walk_lane(const Instance& instance, HelperIndex helper,
                                      const std::map<ClientIndex, OwedBatches>& owed,
                                      std::span<const BatchSegment> segments,
                                      const std::function<void(const std::string&)>& report) {
  LaneWalk walk(instance, helper, report);
  for (const auto& [client, batches] : owed) walk.add_client(client, batches);
  walk.walk(segments);
  return walk.completions();
}

}  // namespace splitlane::check_detail
