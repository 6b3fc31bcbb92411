#pragma once

#include <string>

#include "splitlane/instance/instance.hpp"
#include "splitlane/plan/plan.hpp"
#include "splitlane/plan/round.hpp"
#include "splitlane/plan/what_if.hpp"

namespace splitlane {

/// Gantt figure as one SVG: a row per helper, a hue per client, forward and backward told apart by shade and
/// mark, waiting and turnaround drawn below, lines for makespan and lower bound. Legible at 5 helpers x 30
/// clients, useful at 10 x 100; above some thousand segments rows are thinned out rather than drawn over each
/// other.
std::string gantt_svg(const Instance& instance, const Plan& plan);

/// Chrome trace events (JSON) that Perfetto and chrome://tracing open: a track per helper, and one per client
/// with its release, waits, forward, turnaround, backward and tail. Times are microseconds of the instance's
/// unit (a slot without slot_us counts as 1 ms).
std::string chrome_trace(const Instance& instance, const Plan& plan);

/// A page (HTML) that opens from disk and needs nothing else: the Gantt chart of one helper a row with zoom, any one
/// client and the critical path followed through it, tables of helpers and clients with search. `against` is another
/// plan of the same instance to compare with, or null. About 140 kB and some 110 bytes a client.
std::string report_page(const Instance& instance, const Plan& plan, const Plan* against = nullptr);

/// One screen about a plan: counts, makespan, bound, gap, load per helper, the critical client and why it is
/// the last.
std::string plan_summary(const Instance& instance, const Plan& plan);

/// A table of what changes of an instance would give, in the order of the rows, below the plan of the instance as it is
/// and what binds it.
std::string what_if_table(const Instance& instance, const WhatIf& what_if);

/// A round made by `plan_round`: its makespan, bound and gap, and a line for every way that was tried, with its gap and
/// the difference to the barrier.
std::string round_summary(const Instance& instance, const Round& round);

/// One screen about an instance: counts, ranges, heterogeneity, bounds, warnings.
std::string instance_info(const Instance& instance);

}  // namespace splitlane
