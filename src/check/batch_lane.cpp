#include "check/batch_lane.hpp"

#include <fmt/format.h>

#include <utility>

#include "check/arithmetic.hpp"

namespace splitlane::check_detail {

ClientPosition::ClientPosition(const Instance& instance, HelperIndex helper, const OwedBatches& owed)
    : instance_(&instance), client_(owed.client), option_(owed.option), batches_(owed.batches) {
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

Time ClientPosition::work_left() const { return subtract(work(task_), done_); }

void ClientPosition::work_on(const BatchSegment& segment, bool continues) {
  if (!continues) ++runs_;
  done_ = add(done_, subtract(segment.end, segment.start));
  if (work_left() > 0) return;
  end_task(segment.end);
  pass_empty_tasks();
}

Time ClientPosition::work(Task task) const {
  return task == Task::kForward ? instance_->forward(option_) : instance_->backward(option_);
}

Time ClientPosition::turnaround() const {
  return add(instance_->client_forward(option_), instance_->client_backward(option_));
}

void ClientPosition::end_task(Time end) {
  const Time charged = add(end, multiply(charge_, runs_));
  done_ = 0;
  runs_ = 0;
  if (task_ == Task::kForward) {
    task_ = Task::kBackward;
    ready_ = add(charged, turnaround());
    return;
  }
  task_ = Task::kForward;
  completion_ = add(charged, instance_->tail(option_));
  ready_ = add(completion_, instance_->release(option_));
  ++batch_;
}

void ClientPosition::pass_empty_tasks() {
  while (!finished() && work(task_) == 0) end_task(ready_);
}

LaneWalk::LaneWalk(const Instance& instance, std::function<void(const std::string&)> report)
    : instance_(instance), report_(std::move(report)), number_of_client_(instance.client_count(), 0) {}

void LaneWalk::begin(HelperIndex helper, std::span<const OwedBatches> owed, std::int64_t first_batch) {
  helper_ = helper;
  first_batch_ = first_batch;
  gap_ = instance_.switch_model() == SwitchModel::kOccupy ? instance_.switch_cost(helper) : 0;
  last_ = {};
  positions_.clear();
  for (const OwedBatches& batches : owed) {
    number_of_client_[batches.client.value()] = static_cast<std::uint32_t>(positions_.size());
    positions_.emplace_back(instance_, helper, batches);
  }
}

void LaneWalk::visit(const BatchSegment& segment) {
  const bool continues = last_.client == segment.client && last_.task == segment.task && last_.batch == segment.batch &&
                         last_.end == segment.start;
  check_lane(segment, continues);
  last_ = segment;
  ClientPosition* const position = position_of(segment.client);
  if (position == nullptr) return complain(segment, "is of a client that has nothing to do there");
  if (position->finished() || segment.batch != position->batch() || segment.task != position->task()) {
    return complain(segment, fmt::format("is out of turn: the client waits for {} of batch {}",
                                         task_name(position->task()), number_of(position->batch())));
  }
  if (segment.start < position->ready()) complain(segment, fmt::format("starts before {}", position->ready()));
  if (subtract(segment.end, segment.start) > position->work_left()) {
    complain(segment, fmt::format("does more than the {} that are left", position->work_left()));
  }
  position->work_on(segment, continues);
}

std::span<const ClientPosition> LaneWalk::end() {
  for (const ClientPosition& position : positions_) {
    if (position.finished()) continue;
    report_(fmt::format("client \"{}\": {} of batch {} lacks {}", instance_.client_id(position.client()),
                        task_name(position.task()), number_of(position.batch()), position.work_left()));
  }
  return positions_;
}

ClientPosition* LaneWalk::position_of(ClientIndex client) {
  if (client.value() >= number_of_client_.size()) return nullptr;
  const std::uint32_t number = number_of_client_[client.value()];
  return number < positions_.size() && positions_[number].client() == client ? &positions_[number] : nullptr;
}

void LaneWalk::check_lane(const BatchSegment& segment, bool continues) const {
  if (segment.end <= segment.start || segment.start < 0) complain(segment, "is empty or runs backwards");
  if (segment.start < last_.end) {
    complain(segment, fmt::format("starts before {}, the end of the segment before it", last_.end));
  } else if (!continues && subtract(segment.start, last_.end) < gap_) {
    complain(segment, fmt::format("leaves the helper no {} of switch cost after {}", gap_, last_.end));
  }
}

std::int64_t LaneWalk::number_of(std::int64_t batch) const { return add(batch, subtract(first_batch_, 1)); }

void LaneWalk::complain(const BatchSegment& segment, const std::string& what) const {
  const std::string client = segment.client.value() < instance_.client_count()
                                 ? std::string(instance_.client_id(segment.client))
                                 : std::to_string(segment.client.value());
  report_(fmt::format(R"(helper "{}": {} of batch {} of client "{}" from {} to {} {})", instance_.helper_id(helper_),
                      task_name(segment.task), number_of(segment.batch), client, segment.start, segment.end, what));
}

}  // namespace splitlane::check_detail
