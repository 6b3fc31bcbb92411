#include "schedule/list_schedule.hpp"
#include "schedule/mirror.hpp"

namespace splitlane {

namespace {

struct Best {
  Time makespan = kNeverPreempt;
  Lane lane;

  bool offer(Time candidate_makespan, const Lane& candidate) {
    if (candidate_makespan >= makespan) return false;
    makespan = candidate_makespan;
    lane = candidate;
    return true;
  }
};

}  // namespace

Lane schedule_coupled_jackson(std::span<const Service> services, const SwitchRule& rule) {
  ListScheduler scheduler;
  scheduler.run(services, rule, static_tails(services), worthwhile_margin(rule));
  return scheduler.lane();
}

Lane schedule_improved_jackson(std::span<const Service> services, const SwitchRule& rule, Time target, int rounds) {
  ListScheduler forwards;
  const std::vector<Time> tails = static_tails(services);
  Best best;
  std::vector<Time> margins = {worthwhile_margin(rule)};
  if (rule.cost > 0) margins.insert(margins.end(), {kNeverPreempt, 0});
  for (const Time margin : margins) {
    best.offer(forwards.run(services, rule, tails, margin), forwards.lane());
    if (best.makespan <= target) return best.lane;
  }

  const std::vector<Service> mirror = mirrored(services);
  ListScheduler backwards;
  for (const Time margin : margins) {
    forwards.run(services, rule, tails, margin);
    int rounds_without_gain = 0;
    for (int round = 0; round < rounds && rounds_without_gain < 3 && best.makespan > target; ++round) {
      const Time from_end = backwards.run(mirror, rule, opposite_priority(forwards.completions()), margin);
      // Only without switch costs is the mirror image of a valid lane valid: gaps stand before segments, not behind.
      bool gain =
          rule.cost == 0 && from_end < best.makespan && best.offer(from_end, mirrored(backwards.lane(), from_end));
      const Time from_start = forwards.run(services, rule, opposite_priority(backwards.completions()), margin);
      gain = best.offer(from_start, forwards.lane()) || gain;
      rounds_without_gain = gain ? 0 : rounds_without_gain + 1;
    }
  }
  return best.lane;
}

}  // namespace splitlane
