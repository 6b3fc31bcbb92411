// Rules that are not in the product, against `planned` and `longest-tail`: the mean makespan over the planned one, for
// durations that vary by 0 to 30 %.
//
// usage: splitlane_candidate_rules EXECUTIONS LAYERS (INSTANCE PLAN)...
//
// Each candidate is `planned` with other ends than the plan's:
//   latest   those of the plan pushed to the right: every task as late as the planned order and makespan allow
//   middle   half-way between the plan's and these
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "splitlane/error.hpp"
#include "splitlane/execution/followed_plan.hpp"
#include "splitlane/execution/simulate.hpp"
#include "splitlane/instance/instance_builder.hpp"
#include "splitlane/instance/microseconds.hpp"
#include "splitlane/io/documents.hpp"

namespace splitlane {
namespace {

constexpr std::array kNoise = {0.0, 0.1, 0.2, 0.3};

Task other(Task task) { return task == Task::kForward ? Task::kBackward : Task::kForward; }

// Time runs backwards: what was a tail is a release, what was backward is forward.
Instance mirrored(const Instance& instance) {
  InstanceBuilder builder;
  builder.set_time_unit(instance.time_unit());
  if (instance.slot_us()) builder.set_slot_us(*instance.slot_us());
  builder.set_switch_model(instance.switch_model());
  for (const HelperIndex helper : instance.helpers()) {
    builder.add_helper({instance.helper_id(helper), std::nullopt, instance.switch_cost(helper)});
  }
  for (const ClientIndex client : instance.clients()) {
    builder.add_client(instance.client_id(client));
    for (const OptionIndex option : instance.options(client)) {
      if (instance.is_local(option)) {
        LocalOptionSpec local;
        local.local = instance.path(option);
        builder.add_local_option(local);
        continue;
      }
      OptionSpec spec;
      spec.helper = instance.helper(option);
      spec.release = instance.tail(option);
      spec.forward = instance.backward(option);
      spec.client_forward = instance.client_backward(option);
      spec.client_backward = instance.client_forward(option);
      spec.backward = instance.forward(option);
      spec.tail = instance.release(option);
      builder.add_option(spec);
    }
  }
  return builder.build();
}

Plan mirrored(const Instance& mirror, const Plan& plan) {
  SegmentTable segments;
  for (const HelperIndex helper : mirror.helpers()) {
    std::vector<Segment> lane;
    for (const Segment& segment : plan.schedule.segments.lane(helper)) {
      lane.push_back({segment.client, other(segment.task), plan.schedule.makespan - segment.end,
                      plan.schedule.makespan - segment.start});
    }
    std::reverse(lane.begin(), lane.end());
    segments.append_lane(lane);
  }
  return {evaluate_schedule(mirror, plan.schedule.choice, segments)};
}

// The mirrored plan, followed in mirrored time without noise, begins no task before its planned start: seen from this
// side, a valid plan of the same makespan whose tasks start no earlier than planned. The theorem of
// docs/how_it_works.md (following a plan) holds for its ends as for the plan's.
FollowedPlan latest(const Instance& instance, const Plan& plan) {
  const Instance mirror = mirrored(instance);
  const FollowedPlan followed_mirror = followed(mirror, mirrored(mirror, plan));
  SimulationParameters parameters;
  parameters.executions = 1;
  const Trace trace = simulated_trace(mirror, followed_mirror, parameters, ExecutionRule::kPlanned, 0);
  FollowedPlan result = followed(instance, plan.schedule);
  for (PlannedBatch& batch : result.planned) batch.forward_end = batch.backward_end = 0;
  for (const std::vector<TraceSegment>& lane : trace.lanes) {
    for (const TraceSegment& segment : lane) {
      PlannedBatch& batch = result.planned[result.first[segment.client.value()]];
      Time& end = other(segment.task) == Task::kForward ? batch.forward_end : batch.backward_end;
      end = std::max(end, plan.schedule.makespan - segment.start / microseconds_per_unit(instance));
    }
  }
  return result;
}

FollowedPlan middle(const Instance& instance, const Plan& plan) {
  FollowedPlan result = latest(instance, plan);
  const FollowedPlan early = followed(instance, plan.schedule);
  for (std::size_t batch = 0; batch < result.planned.size(); ++batch) {
    PlannedBatch& ends = result.planned[batch];
    ends.forward_end = (ends.forward_end + early.planned[batch].forward_end) / 2;
    ends.backward_end = (ends.backward_end + early.planned[batch].backward_end) / 2;
  }
  return result;
}

struct Candidate {
  std::string_view name;
  FollowedPlan plan;
  ExecutionRule rule = ExecutionRule::kPlanned;
};

struct Score {
  double sum = 0;
  double worst = 0;
  int best = 0;
};

using Scores = std::map<std::string_view, std::array<Score, kNoise.size()>>;

void run(const Instance& instance, const Plan& plan, std::size_t executions, std::int64_t layers, Scores& scores) {
  const std::array candidates = {
      Candidate{"planned", followed(instance, plan.schedule)}, Candidate{"latest", latest(instance, plan)},
      Candidate{"middle", middle(instance, plan)},
      Candidate{"longest-tail", followed(instance, plan.schedule), ExecutionRule::kLongestTail}};
  for (std::size_t noise = 0; noise < kNoise.size(); ++noise) {
    std::map<std::string_view, double> ratios;
    double least = kMostStraggling;
    for (const Candidate& candidate : candidates) {
      SimulationParameters parameters;
      parameters.rules = {candidate.rule};
      parameters.executions = kNoise.at(noise) == 0 ? 1 : executions;
      parameters.noise.duration = kNoise.at(noise);
      parameters.layers = layers;
      const Simulation simulation = simulate(instance, candidate.plan, parameters);
      ratios[candidate.name] = summary_of(simulation, simulation.rules.front()).ratio;
      least = std::min(least, ratios[candidate.name]);
    }
    for (const auto& [name, ratio] : ratios) {
      Score& score = scores[name].at(noise);
      score.sum += ratio;
      score.worst = std::max(score.worst, ratio);
      score.best += ratio == least ? 1 : 0;
    }
  }
}

void print(const Scores& scores, int plans) {
  fmt::print("| ends | noise 0 | 0.1 | 0.2 | 0.3 |\n|---|--:|--:|--:|--:|\n");
  for (const auto& [name, row] : scores) {
    fmt::print("| `{}` |", name);
    for (const Score& score : row) {
      fmt::print(" {:.4f} (worst {:.3f}, best on {}) |", score.sum / plans, score.worst, score.best);
    }
    fmt::print("\n");
  }
}

}  // namespace
}  // namespace splitlane

int main(int argument_count, char** arguments) {
  using namespace splitlane;
  if (argument_count < 5 || argument_count % 2 == 0) {
    fmt::print(stderr, "usage: {} EXECUTIONS LAYERS (INSTANCE PLAN)...\n", arguments[0]);
    return 2;
  }
  try {
    Scores scores;
    for (int index = 3; index < argument_count; index += 2) {
      const InstanceDocument document = read_instance_document(arguments[index]);
      const PlanDocument read = read_plan_document(arguments[index + 1], document.instance);
      const Plan plan{evaluate_schedule(document.instance, read.plan.schedule.choice, read.plan.schedule.segments)};
      run(document.instance, plan, std::stoull(arguments[1]), std::stoll(arguments[2]), scores);
    }
    print(scores, (argument_count - 3) / 2);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
