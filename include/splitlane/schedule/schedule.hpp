#pragma once

#include <span>
#include <vector>

#include "splitlane/plan/service.hpp"

namespace splitlane {

/// All schedulers of one helper share this shape: services and switch rule in, lane out (in time order, each
/// task's segments adding up to its work, zero-length tasks without a segment). None of them depends on the
/// horizon or the slot length. An empty list gives an empty lane.
using Lane = std::vector<LaneSegment>;
using Scheduler = Lane (*)(std::span<const Service> services, const SwitchRule& rule);

/// First come, first served, non-preemptive, both directions in one queue ordered by readiness (paper, Sec. VI:
/// forward by r, backward by c^f + l + l', read as phi^f + l + l', see 2 of docs/paper.md#what-is-wrong-in-it). Ties:
/// lowest position. O(n log n).
Lane schedule_fcfs(std::span<const Service> services, const SwitchRule& rule);

/// EquiD's rule (INFOCOM 2026), non-preemptive: whenever the lane is free run the released forward with the
/// longest turnaround, else the ready backward with the longest tail. Ties: lowest position. O(n log n).
Lane schedule_longest_first(std::span<const Service> services, const SwitchRule& rule);

/// Coupled Jackson (docs/how_it_works.md#schedules): always the available task with the largest static tail (forward a
/// + p' + r', backward r'), preempting when that pays for the switch. Makespan <= max(r + a + r') + sum(p + p') without
/// switch cost. O(n log n).
Lane schedule_coupled_jackson(std::span<const Service> services, const SwitchRule& rule);

/// Coupled Jackson followed by forward-backward improvement (docs/how_it_works.md#schedules): alternately schedules the
/// mirrored and the real problem, each by the other's completion order, at most `rounds` times; with switch costs also
/// tries the non-preemptive variants. Never worse than coupled Jackson. Stops early at `target`. O(rounds * n log n).
Lane schedule_improved_jackson(std::span<const Service> services, const SwitchRule& rule, Time target = 0,
                               int rounds = 20);

/// The paper's Algorithm 2 (Sec. V-B, Theorem 2): optimal backward schedule when the forward segments are fixed.
/// Runs, at every instant the forward tasks leave free, the ready backward with the largest tail
/// (docs/how_it_works.md#backward-with-forward-fixed, which also corrects the release: phi^f + l + l', not c^f + l +
/// l'). `forward_lane` holds forward segments only, in time order; the result holds both directions. With a switch cost
/// it remains valid but is no longer optimal. O((n + segments) log n).
Lane schedule_backward_given_forward(std::span<const Service> services, const SwitchRule& rule,
                                     std::span<const LaneSegment> forward_lane);

}  // namespace splitlane
