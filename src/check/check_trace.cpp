#include "splitlane/check/check_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace splitlane {

namespace {

constexpr std::string_view kLostEvent = "lost";
constexpr std::string_view kPlannedAgainEvent = "planned-again";

struct NamedInstant {
  std::string_view name;
  std::optional<Time> BatchTimes::*time;
};
constexpr std::array<NamedInstant, 6> kInOrder = {{{"start", &BatchTimes::start},
                                                   {"release", &BatchTimes::release},
                                                   {"forward_end", &BatchTimes::forward_end},
                                                   {"backward_ready", &BatchTimes::backward_ready},
                                                   {"backward_end", &BatchTimes::backward_end},
                                                   {"completion", &BatchTimes::completion}}};

/// What the lanes say about one task of one batch.
struct TaskRun {
  HelperIndex helper = HelperIndex::none();
  Time last_end = 0;
};

class TraceCheck {
 public:
  TraceCheck(const Instance& instance, const std::vector<OptionIndex>& choice, const Trace& trace)
      : instance_(instance), choice_(choice), trace_(trace) {}

  TraceReport run() {
    if (!has_shape()) return report_;
    read_events();
    runs_.resize(instance_.client_count());
    for (const ClientIndex client : instance_.clients()) check_client(client);
    for (const HelperIndex helper : instance_.helpers()) walk_lane(helper);
    for (const ClientIndex client : instance_.clients()) check_task_ends(client);
    return report_;
  }

 private:
  using BatchRuns = std::array<TaskRun, 2>;  // by task

  void complain(const std::string& violation) {
    if (report_.count < TraceReport::kListed) report_.violations.push_back(violation);
    ++report_.count;
  }

  std::string name_of(ClientIndex client, std::size_t batch) const {
    return fmt::format("client \"{}\", batch {}", instance_.client_id(client), batch);
  }

  bool has_shape() {
    const std::size_t clients = instance_.client_count();
    if (trace_.clients.size() == clients && trace_.lanes.size() == instance_.helper_count() &&
        choice_.size() == clients) {
      return true;
    }
    complain(fmt::format("{} clients and {} lanes, but the instance has {} clients and {} helpers",
                         trace_.clients.size(), trace_.lanes.size(), clients, instance_.helper_count()));
    return false;
  }

  void read_events() {
    Time now = 0;
    for (const TraceEvent& event : trace_.events) {
      if (event.time < now)
        complain(fmt::format("event \"{}\" at {} comes after one at {}", event.kind, event.time, now));
      now = std::max(now, event.time);
      if (event.kind == kPlannedAgainEvent) planned_again_at_.insert(event.time);
      if (event.kind == kLostEvent) lost_at_[event.node].insert(event.time);
    }
  }

  bool is_planned_again() const { return !planned_again_at_.empty(); }

  // Conditions 3 and 4.
  void check_client(ClientIndex client) {
    const ClientTrace& trace = trace_.clients[client.value()];
    const OptionIndex choice = choice_[client.value()];
    if (choice.is_none()) {
      complain(fmt::format("client \"{}\": the plan has no option for it", instance_.client_id(client)));
    } else if (trace.helper != instance_.helper(choice) && !is_planned_again()) {
      complain(fmt::format(R"(client "{}": served by {}, but the plan says {}, and no event says "{}")",
                           instance_.client_id(client), helper_name(trace.helper),
                           helper_name(instance_.helper(choice)), kPlannedAgainEvent));
    }
    runs_[client.value()].resize(trace.batches.size());
    Time free_from = 0;
    for (std::size_t batch = 0; batch < trace.batches.size(); ++batch) {
      check_instants(client, batch, free_from);
      const std::optional<Time>& completion = trace.batches[batch].completion;
      if (completion) report_.makespan = std::max(report_.makespan, *completion);
      if (!completion && batch + 1 < trace.batches.size()) {
        complain(fmt::format("{}: not completed, but batch {} follows", name_of(client, batch), batch + 1));
      }
      free_from = completion.value_or(free_from);
    }
  }

  std::string helper_name(HelperIndex helper) const {
    return helper.is_none() ? std::string("no helper") : fmt::format("helper \"{}\"", instance_.helper_id(helper));
  }

  // `helper` tells of the last batch alone: a batch before a new plan may have been trained otherwise.
  bool is_local(ClientIndex client, std::size_t batch) const {
    const ClientTrace& trace = trace_.clients[client.value()];
    const BatchTimes& times = trace.batches[batch];
    const bool is_before_a_new_plan = is_planned_again() && times.start < *planned_again_at_.rbegin();
    if (batch + 1 == trace.batches.size() || !is_before_a_new_plan) return trace.helper.is_none();
    return !times.release && !times.forward_end && !times.backward_ready && !times.backward_end;
  }

  void check_instants(ClientIndex client, std::size_t batch, Time free_from) {
    const BatchTimes& times = trace_.clients[client.value()].batches[batch];
    const bool alone = is_local(client, batch);
    Time before = free_from;
    std::string_view before_name = "the batch before";
    std::string_view missing;
    for (const NamedInstant& instant : kInOrder) {
      const std::optional<Time>& time = times.*instant.time;
      const bool is_at_helper = instant.time != &BatchTimes::start && instant.time != &BatchTimes::completion;
      if (alone && is_at_helper) {
        if (time) complain(fmt::format("{}: a local batch with {}", name_of(client, batch), instant.name));
        continue;
      }
      if (!time) {
        if (missing.empty()) missing = instant.name;
        continue;
      }
      if (!missing.empty()) {
        complain(fmt::format("{}: {} without {}", name_of(client, batch), instant.name, missing));
      }
      if (*time < before) {
        complain(fmt::format("{}: {} at {} comes before {} at {}", name_of(client, batch), instant.name, *time,
                             before_name, before));
      }
      before = std::max(before, *time);
      before_name = instant.name;
    }
  }

  // Conditions 2, 5 and 6, segment by segment.
  void walk_lane(HelperIndex helper) {
    Time free_from = 0;
    for (const TraceSegment& segment : trace_.lanes[helper.value()]) {
      if (segment.start >= segment.end) {
        complain(fmt::format("helper \"{}\": a segment from {} to {}", instance_.helper_id(helper), segment.start,
                             segment.end));
      } else if (segment.start < free_from) {
        complain(fmt::format("helper \"{}\": a segment starts at {}, but the one before ends at {}",
                             instance_.helper_id(helper), segment.start, free_from));
      }
      free_from = std::max(free_from, segment.end);
      check_segment(helper, segment);
    }
  }

  void check_segment(HelperIndex helper, const TraceSegment& segment) {
    const ClientTrace& client = trace_.clients[segment.client.value()];
    if (segment.batch < 0 || static_cast<std::size_t>(segment.batch) >= client.batches.size()) {
      complain(fmt::format("helper \"{}\": a segment of {}, but the client has {} batches", instance_.helper_id(helper),
                           name_of(segment.client, static_cast<std::size_t>(segment.batch)), client.batches.size()));
      return;
    }
    const auto batch = static_cast<std::size_t>(segment.batch);
    const BatchTimes& times = client.batches[batch];
    require_right_helper(helper, segment);
    if (times.start && segment.start < *times.start) {
      require_given_up(helper, segment, *times.start);
      return;
    }
    const bool is_forward = segment.task == Task::kForward;
    const std::optional<Time>& ready = is_forward ? times.release : times.backward_ready;
    const std::optional<Time>& end = is_forward ? times.forward_end : times.backward_end;
    const std::string_view task = task_name(segment.task);
    if (!ready || segment.start < *ready) {
      complain(fmt::format("{}: {} starts at {}, {}", name_of(segment.client, batch), task, segment.start,
                           ready ? fmt::format("but is ready at {}", *ready) : std::string("but is never ready")));
    }
    if (end && segment.end > *end) {
      complain(fmt::format("{}: {} runs until {}, but ended at {}", name_of(segment.client, batch), task, segment.end,
                           *end));
    }
    TaskRun& run = runs_[segment.client.value()][batch].at(static_cast<std::size_t>(segment.task));
    if (!run.helper.is_none() && run.helper != helper) {
      complain(fmt::format("{}: {} runs on {} and on {}", name_of(segment.client, batch), task, helper_name(run.helper),
                           helper_name(helper)));
    }
    run.helper = helper;
    run.last_end = std::max(run.last_end, segment.end);
  }

  // Condition 3, while the plan is in force.
  void require_right_helper(HelperIndex helper, const TraceSegment& segment) {
    const OptionIndex choice = choice_[segment.client.value()];
    if (choice.is_none() || instance_.helper(choice) == helper) return;
    if (is_planned_again() && *planned_again_at_.begin() <= segment.start) return;
    complain(fmt::format(
        R"({}: a segment on helper "{}" from {} to {}, but the plan says {}, and no event before it says "{}")",
        name_of(segment.client, static_cast<std::size_t>(segment.batch)), instance_.helper_id(helper), segment.start,
        segment.end, helper_name(instance_.helper(choice)), kPlannedAgainEvent));
  }

  void require_given_up(HelperIndex helper, const TraceSegment& segment, Time begun_again) {
    const auto has_one_between = [&](const std::set<Time>& instants) {
      const auto first = instants.lower_bound(segment.end);
      return first != instants.end() && *first <= begun_again;
    };
    const auto lost = lost_at_.find(instance_.helper_id(helper));
    if (has_one_between(planned_again_at_) || (lost != lost_at_.end() && has_one_between(lost->second))) return;
    complain(
        fmt::format("{}: a segment on helper \"{}\" from {} to {} lies before the batch starts at {}, and between the "
                    "two the helper was not lost and nothing was planned again",
                    name_of(segment.client, static_cast<std::size_t>(segment.batch)), instance_.helper_id(helper),
                    segment.start, segment.end, begun_again));
  }

  // Condition 5, task by task.
  void check_task_ends(ClientIndex client) {
    const ClientTrace& trace = trace_.clients[client.value()];
    const OptionIndex choice = choice_[client.value()];
    if (choice.is_none()) return;
    for (std::size_t batch = 0; batch < trace.batches.size(); ++batch) {
      if (is_local(client, batch)) continue;
      const BatchTimes& times = trace.batches[batch];
      const BatchRuns& runs = runs_[client.value()][batch];
      check_end(name_of(client, batch), Task::kForward, times.release, times.forward_end, runs[0],
                has_work(choice, Task::kForward));
      check_end(name_of(client, batch), Task::kBackward, times.backward_ready, times.backward_end, runs[1],
                has_work(choice, Task::kBackward));
      if (!runs[0].helper.is_none() && !runs[1].helper.is_none() && runs[0].helper != runs[1].helper) {
        complain(fmt::format("{}: forward runs on {}, backward on {}", name_of(client, batch),
                             helper_name(runs[0].helper), helper_name(runs[1].helper)));
      }
    }
  }

  // A client that was planned again may have another option, whose work this plan does not tell.
  bool has_work(OptionIndex choice, Task task) const {
    if (is_planned_again() || instance_.is_local(choice)) return false;
    return (task == Task::kForward ? instance_.forward(choice) : instance_.backward(choice)) > 0;
  }

  void check_end(const std::string& name, Task task, const std::optional<Time>& ready, const std::optional<Time>& end,
                 const TaskRun& run, bool has_work) {
    if (!end) return;
    if (run.helper.is_none()) {
      if (has_work || (ready && *ready != *end)) {
        complain(fmt::format("{}: {} ends at {} without a segment", name, task_name(task), *end));
      }
    } else if (run.last_end != *end) {
      complain(fmt::format("{}: {} is given an end of {}, but its last segment ends at {}", name, task_name(task), *end,
                           run.last_end));
    }
  }

  const Instance& instance_;
  const std::vector<OptionIndex>& choice_;
  const Trace& trace_;
  TraceReport report_;
  std::set<Time> planned_again_at_;
  std::map<std::string, std::set<Time>, std::less<>> lost_at_;  // by the node's id
  std::vector<std::vector<BatchRuns>> runs_;                    // by client and batch
};

}  // namespace

TraceReport check_trace(const Instance& instance, const Plan& plan, const Trace& trace) {
  return check_trace(instance, plan.schedule.choice, trace);
}

TraceReport check_trace(const Instance& instance, const std::vector<OptionIndex>& choice, const Trace& trace) {
  return TraceCheck(instance, choice, trace).run();
}

}  // namespace splitlane
