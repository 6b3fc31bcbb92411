#include "round/chain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "splitlane/error.hpp"

namespace splitlane::round_detail {

ChainProgress::ChainProgress(const Service& service, const SwitchRule& rule, std::int64_t batches)
    : service_(service), run_delay_(rule.run_delay()), batches_(batches) {
  if (service.load() == 0) {
    // Nothing ever runs, so the chain is passed in one step however long it is.
    completion_ = batches * service.path();
    batch_ = batches + 1;
    return;
  }
  begin(Task::kForward, service.release);
  skip_empty_tasks();
}

void ChainProgress::begin(Task task, Time ready) {
  task_ = task;
  ready_ = ready;
  work_left_ = task == Task::kForward ? service_.forward : service_.backward;
  runs_ = 0;
}

void ChainProgress::end_task(Time end) {
  const Time delay = run_delay_ * runs_;
  if (task_ == Task::kForward) {
    begin(Task::kBackward, end + service_.turnaround + delay);
    return;
  }
  completion_ = end + service_.tail + delay;
  ++batch_;
  begin(Task::kForward, completion_ + service_.release);
}

void ChainProgress::skip_empty_tasks() {
  while (!finished() && work_left_ == 0) end_task(ready_);
}

void ChainProgress::run(Time duration, Time end, bool new_run) {
  SPLITLANE_ASSERT(0 < duration && duration <= work_left_, duration, work_left_, batch_);
  if (new_run) ++runs_;
  work_left_ -= duration;
  if (work_left_ > 0) return;
  end_task(end);
  skip_empty_tasks();
}

std::vector<std::vector<LaneClient>> lane_clients(const Instance& instance, const std::vector<OptionIndex>& choice,
                                                  const BatchCounts& batches) {
  std::vector<std::vector<LaneClient>> result(instance.helper_count());
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = choice[client.value()];
    if (instance.is_local(option)) continue;
    result[instance.helper(option).value()].push_back({client, service_of(instance, option), batches[client.value()]});
  }
  return result;
}

bool LaneRecorder::is_last(ClientIndex client, const ChainProgress& chain) const {
  if (segments_.empty()) return false;
  const BatchSegment& last = segments_.back();
  return last.client == client && last.task == chain.task() && last.batch == chain.batch();
}

void LaneRecorder::run(ClientIndex client, ChainProgress& chain, Time start, Time duration) {
  const Time end = start + duration;
  const bool continues = is_last(client, chain) && segments_.back().end == start;
  if (continues) {
    segments_.back().end = end;
  } else {
    segments_.push_back({client, chain.batch(), chain.task(), start, end});
  }
  chain.run(duration, end, !continues);
}

PlainChain plain_chain(Service service, const SwitchRule& rule, std::int64_t batches) {
  const Time gap = rule.lane_gap();
  if (service.forward == 0) {
    // Forward is no event of its own, so one wait precedes backward.
    service.release += service.turnaround;
    service.turnaround = 0;
  }
  PlainChain chain{plain_service(service, rule), service.tail + service.release, batches};
  if (service.backward > 0) {
    chain.between += rule.run_delay();
  } else {
    // Nor is backward: one wait follows forward.
    chain.service.tail += chain.service.turnaround;
    chain.between += chain.service.turnaround;
    chain.service.turnaround = 0;
  }
  // The lane stands still before the next batch's first segment as well.
  if (service.load() > 0) chain.between = std::max(chain.between, gap) - gap;
  return chain;
}

PlainChain plain_chain(const Instance& instance, OptionIndex option, std::int64_t batches) {
  if (!instance.is_local(option)) {
    return plain_chain(service_of(instance, option), switch_rule_of(instance, instance.helper(option)), batches);
  }
  // A path and nothing else: no lane is taken.
  const Time path = instance.path(option);
  return {{path, 0, 0, 0, 0}, path, batches};
}

void require_round(const Instance& instance, const BatchCounts& batches) {
  if (batches.size() != instance.client_count()) {
    throw Error(ErrorCode::kUsage,
                {"batches", "numbers of batches of another instance", fmt::format("{} numbers", batches.size()),
                 fmt::format("{}, one for each client", instance.client_count())});
  }
  // A client waits only for work of another, so no sensible round exceeds the sum of all paths.
  Time total = 0;
  for (const ClientIndex client : instance.clients()) {
    const std::int64_t count = batches[client.value()];
    if (count < 1) {
      throw Error(ErrorCode::kUsage, {fmt::format("batches of client \"{}\"", instance.client_id(client)),
                                      "number of batches", fmt::format("{}", count), "at least 1"});
    }
    Time longest = 0;
    for (const OptionIndex option : instance.options(client)) {
      Time path = instance.path(option);
      if (!instance.is_local(option)) path += 4 * instance.switch_cost(instance.helper(option));
      longest = std::max(longest, path);
    }
    Time paths = 0;
    const bool too_long = __builtin_mul_overflow(count, longest, &paths) || paths > kLargestNumber - total;
    if (too_long) {
      throw Error(ErrorCode::kOverflow,
                  {"batches", "the paths of all batches of all clients add up past 2^53",
                   fmt::format("client \"{}\" with {} batches", instance.client_id(client), count),
                   "a smaller total; fewer batches or a coarser time_unit help"});
    }
    total += paths;
  }
}

void add_local_clients(const Instance& instance, Round& round) {
  for (const ClientIndex client : instance.clients()) {
    const OptionIndex option = round.choice[client.value()];
    Time& completion = round.completion[client.value()];
    if (instance.is_local(option)) completion = round.batches[client.value()] * instance.path(option);
    round.makespan = std::max(round.makespan, completion);
  }
}

}  // namespace splitlane::round_detail
